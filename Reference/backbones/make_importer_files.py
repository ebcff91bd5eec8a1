"""Writes the small weight files that the importers' tests read, in Tests/BackbonesTests/Golden.

A tiny network of VGG's family: blocks of (2, 3) and (4,) channels, pictures of 8 x 8, top of 5, 4 and 3 units. Tensor
number t (in the order below) holds the values (100 * t + i) / 1000 for i = 0, 1, 2 ..., so that a test can compute what
it expects and a transposed kernel is noticed.

The layouts are those that Keras 1, 2 and 3.15 write; the Keras 3 ones were compared with files saved by Keras 3.15.1.

Usage: pip install -r requirements.txt && python make_importer_files.py
"""
import json
import pathlib

import h5py
import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "BackbonesTests" / "Golden"

CONVOLUTIONS = [("block1_conv1", 3, 2), ("block1_conv2", 2, 3), ("block2_conv1", 3, 4)]
DENSE = [("fc1", 2 * 2 * 4, 5), ("fc2", 5, 4), ("predictions", 4, 3)]
POOLS = {"block1_conv2": "block1_pool", "block2_conv1": "block2_pool"}


def tensors():
    number = 0
    for name, inputs, outputs in CONVOLUTIONS:
        for role, shape in (("kernel", (3, 3, inputs, outputs)), ("bias", (outputs,))):
            yield name, role, values(number, shape)
            number += 1
    for name, inputs, outputs in DENSE:
        for role, shape in (("kernel", (inputs, outputs)), ("bias", (outputs,))):
            yield name, role, values(number, shape)
            number += 1


def values(number, shape):
    count = int(numpy.prod(shape))
    return ((100 * number + numpy.arange(count)) / 1000).astype(numpy.float32).reshape(shape)


ALL = {(layer, role): value for layer, role, value in tensors()}
CONVOLUTION_NAMES = [name for name, _, _ in CONVOLUTIONS]
DENSE_NAMES = [name for name, _, _ in DENSE]


def legacy(path, layers, style, root=""):
    with h5py.File(path, "w", track_order=False) as file:
        group = file.require_group(root) if root else file
        group.attrs["layer_names"] = [name.encode() for name in layers]
        for layer in layers:
            for role in ("kernel", "bias"):
                letter = {"kernel": "W", "bias": "b"}[role]
                name = {
                    "keras1": f"{layer}/{layer}_{letter}_1:0",
                    "keras2": f"{layer}/{layer}/{role}:0",
                    "keras3": f"{layer}/{layer}/{role}",
                    "nested": f"vgg16/{layer}/{role}",
                }[style]
                group[name] = ALL[layer, role]


def whole_model(path):
    """The report's model.h5: Keras 2, base, Flatten, Dense(2), with the optimizer's state under the same names."""
    legacy(path, CONVOLUTION_NAMES, "keras2", root="model_weights")
    with h5py.File(path, "a") as file:
        file.attrs["keras_version"] = b"2.9.0"
        file.attrs["backend"] = b"tensorflow"
        layers = [{"class_name": "Conv2D", "config": {"name": name}} for name in CONVOLUTION_NAMES]
        file.attrs["model_config"] = json.dumps({"class_name": "Functional", "config": {"layers": layers}}).encode()
        file["model_weights/dense/dense/kernel:0"] = values(20, (16, 2))
        file["model_weights/dense/dense/bias:0"] = values(21, (2,))
        file.require_group("model_weights/flatten")
        for name in CONVOLUTION_NAMES:
            momentum = numpy.full_like(ALL[name, "kernel"], 9)
            file[f"optimizer_weights/training/SGD/{name}/kernel:0"] = momentum


def keras3(path, named, dense, prefix="layers"):
    with h5py.File(path, "w") as file:
        layers = [(name, "conv2d") for name in CONVOLUTION_NAMES] + [(name, "dense") for name in dense]
        counts = {}
        for name, kind in layers:
            number = counts.get(kind, 0)
            counts[kind] = number + 1
            group = file.require_group(f"{prefix}/{kind}" + (f"_{number}" if number else "") + "/vars")
            if named:
                group.attrs["name"] = name
            group["0"] = ALL[name, "kernel"]
            group["1"] = ALL[name, "bias"]
        for pool in ("max_pooling2d", "max_pooling2d_1", "flatten"):
            file.require_group(f"{prefix}/{pool}/vars")
        file["optimizer/vars/0"] = numpy.array(3, dtype=numpy.int64)
        file["optimizer/vars/1"] = numpy.float32(0.01)


def exporter_name(layer, role):
    if layer in CONVOLUTION_NAMES:
        return f"functional_1/{layer}_1/" + {"kernel": "convolution/ReadVariableOp:0", "bias": "Squeeze:0"}[role]
    return f"functional_1/{layer}_1/" + {"kernel": "Cast/ReadVariableOp:0", "bias": "BiasAdd/ReadVariableOp:0"}[role]


def network(path, with_top, float_data=False):
    """As tf2onnx writes it; runs in ONNX Runtime, which the forward pass is compared with."""
    nodes, initializers = [], []
    nodes.append(helper.make_node("Transpose", ["input"], ["x0"], perm=[0, 3, 1, 2]))
    last = "x0"
    for index, name in enumerate(CONVOLUTION_NAMES):
        kernel = ALL[name, "kernel"].transpose(3, 2, 0, 1)
        for role, value in (("kernel", kernel), ("bias", ALL[name, "bias"])):
            label = exporter_name(name, role)
            if float_data:
                initializers.append(helper.make_tensor(label, TensorProto.FLOAT, value.shape, value.flatten().tolist()))
            else:
                initializers.append(numpy_helper.from_array(numpy.ascontiguousarray(value), label))
        inputs = [last, exporter_name(name, "kernel"), exporter_name(name, "bias")]
        nodes.append(helper.make_node("Conv", inputs, [f"c{index}"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [f"c{index}"], [f"r{index}"]))
        last = f"r{index}"
        if name in POOLS:
            nodes.append(helper.make_node("MaxPool", [last], [f"p{index}"], kernel_shape=[2, 2], strides=[2, 2]))
            last = f"p{index}"
    nodes.append(helper.make_node("Transpose", [last], ["features"], perm=[0, 2, 3, 1]))
    outputs, last = [("features", (1, 2, 2, 4))], "features"
    if with_top:
        nodes.append(helper.make_node("Flatten", [last], ["flat"]))
        last = "flat"
        for index, name in enumerate(DENSE_NAMES):
            for role in ("kernel", "bias"):
                initializers.append(numpy_helper.from_array(ALL[name, role], exporter_name(name, role)))
            nodes.append(helper.make_node("MatMul", [last, exporter_name(name, "kernel")], [f"m{index}"]))
            output = f"d{index}" if index < 2 else "logits"
            nodes.append(helper.make_node("Add", [f"m{index}", exporter_name(name, "bias")], [output]))
            last = output
            if index < 2:
                nodes.append(helper.make_node("Relu", [output], [f"e{index}"]))
                last = f"e{index}"
        outputs.append(("logits", (1, 3)))
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, (1, 8, 8, 3))],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
        initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="nefro-tests")
    model.ir_version = 7
    onnx.checker.check_model(model)
    onnx.save(model, path)


def forward(onnx_path, json_path):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(onnx_path), providers=["CPUExecutionProvider"])
    # Not symmetric in any direction; negative values too, so that the ReLUs matter.
    picture = numpy.sin(numpy.arange(8 * 8 * 3, dtype=numpy.float64) * 0.37).astype(numpy.float32).reshape(1, 8, 8, 3)
    features, logits = session.run(["features", "logits"], {"input": picture})
    content = {"features": features.flatten().tolist(), "logits": logits.flatten().tolist()}
    json_path.write_text(json.dumps(content) + "\n")


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    everything = CONVOLUTION_NAMES + DENSE_NAMES
    legacy(GOLDEN / "keras1-notop.h5", CONVOLUTION_NAMES, "keras1")
    legacy(GOLDEN / "keras1-full.h5", everything, "keras1")
    legacy(GOLDEN / "keras2-notop.h5", CONVOLUTION_NAMES, "keras2")
    whole_model(GOLDEN / "keras2-model.h5")
    legacy(GOLDEN / "keras3-model.h5", CONVOLUTION_NAMES, "keras3", root="model_weights")
    legacy(GOLDEN / "keras3-nested-model.h5", CONVOLUTION_NAMES, "nested", root="model_weights")
    keras3(GOLDEN / "keras3-named.weights.h5", named=True, dense=DENSE_NAMES)
    keras3(GOLDEN / "keras3-numbered.weights.h5", named=False, dense=DENSE_NAMES)
    keras3(GOLDEN / "keras3-nested.weights.h5", named=False, dense=[], prefix="layers/functional/layers")
    network(GOLDEN / "full.onnx", with_top=True)
    network(GOLDEN / "notop-float-data.onnx", with_top=False, float_data=True)
    forward(GOLDEN / "full.onnx", GOLDEN / "tiny-forward.json")

    # Files with something wrong.
    legacy(GOLDEN / "wrong-missing.h5", CONVOLUTION_NAMES[:2], "keras2")
    legacy(GOLDEN / "wrong-shape.h5", CONVOLUTION_NAMES, "keras2")
    with h5py.File(GOLDEN / "wrong-shape.h5", "a") as file:
        del file["block1_conv2/block1_conv2/kernel:0"]
        file["block1_conv2/block1_conv2/kernel:0"] = ALL["block1_conv2", "kernel"].transpose(3, 2, 0, 1)
    legacy(GOLDEN / "wrong-twice.h5", CONVOLUTION_NAMES, "keras2")
    with h5py.File(GOLDEN / "wrong-twice.h5", "a") as file:
        file["copy/block1_conv1/kernel:0"] = ALL["block1_conv1", "kernel"]
    legacy(GOLDEN / "wrong-nan.h5", CONVOLUTION_NAMES, "keras2")
    with h5py.File(GOLDEN / "wrong-nan.h5", "a") as file:
        file["block2_conv1/block2_conv1/bias:0"][2] = numpy.nan
    legacy(GOLDEN / "wrong-huge.h5", CONVOLUTION_NAMES, "keras2")
    with h5py.File(GOLDEN / "wrong-huge.h5", "a") as file:
        del file["block1_conv1/block1_conv1/bias:0"]
        file.create_dataset("block1_conv1/block1_conv1/bias:0", shape=(1 << 40,), dtype="f4", chunks=(1 << 20,))
    legacy(GOLDEN / "wrong-links.h5", CONVOLUTION_NAMES[:2], "keras2")
    with h5py.File(GOLDEN / "wrong-links.h5", "a") as file:
        # The missing layer by ways that lead out of the file, and a group that holds itself.
        group = file.require_group("block2_conv1/block2_conv1")
        group["kernel:0"] = h5py.ExternalLink("keras2-notop.h5", "/block2_conv1/block2_conv1/kernel:0")
        file["loop/again"] = file["/block2_conv1"]
        group["bias:0"] = h5py.SoftLink("/block1_conv2/block1_conv2/bias:0")
    with h5py.File(GOLDEN / "wrong-cycle.h5", "w") as file:
        group = file.require_group("a")
        group["a"] = group
    for name, layers in (("wrong-external.h5", CONVOLUTION_NAMES),):
        legacy(GOLDEN / name, layers, "keras2")
        with h5py.File(GOLDEN / name, "a") as file:
            del file["block1_conv1/block1_conv1/bias:0"]
            file.create_dataset(
                "block1_conv1/block1_conv1/bias:0", shape=(2,), dtype="f4", external=[("/etc/hostname", 0, 8)])


main()
