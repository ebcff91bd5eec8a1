"""Answers of an exported model, for ExportTests.

export_answers.py pictures FOLDER [FILE...]   writes pictures of several sizes, and FILEs decoded, as PNG
export_answers.py onnx MODEL PNG...           prints ONNX Runtime's answers, one JSON object a line
export_answers.py pyfunc FOLDER PNG...        the same by MLflow's python_function, after its onnx flavour was loaded
export_answers.py keras MODEL PNG...          the probabilities by Keras
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image


def pictures(folder, *files):
    folder = Path(folder)
    folder.mkdir()
    generator = np.random.default_rng(5)
    # Larger, smaller, equal and odd sizes; one is coloured.
    for number, (height, width) in enumerate([(64, 64), (512, 512), (97, 203), (31, 40), (300, 64), (1, 1)]):
        coarse = generator.integers(0, 256, (5, 7), dtype=np.uint8)
        smooth = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC).convert("RGB")
        smooth.save(folder / f"smooth-{number}.png")
    coloured = generator.integers(0, 256, (120, 90, 3), dtype=np.uint8)
    Image.fromarray(coloured).save(folder / "coloured.png")
    for number, file in enumerate(files):
        Image.open(file).convert("RGB").save(folder / f"slice-{number}.png")


def answer(predict, files):
    for file in files:
        pixels = np.asarray(Image.open(file).convert("RGB"))[None]
        print(json.dumps({name: np.asarray(value).tolist()[0] for name, value in predict(pixels).items()}))


def onnx(model, *files):
    import onnx
    import onnxruntime

    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    answer(lambda pixels: dict(zip(names, session.run(None, {"pictures": pixels}))), files)


def pyfunc(folder, *files):
    import mlflow

    mlflow.onnx.load_model(folder)
    model = mlflow.pyfunc.load_model(folder)
    example = model.input_example if hasattr(model, "input_example") else None
    if example is not None:
        model.predict(example)
    answer(model.predict, files)


def keras(file, *files):
    import keras

    model = keras.models.load_model(file)
    answer(lambda pixels: {"probabilities": keras.ops.convert_to_numpy(model(pixels))}, files)


{"pictures": pictures, "onnx": onnx, "pyfunc": pyfunc, "keras": keras}[sys.argv[1]](*sys.argv[2:])
