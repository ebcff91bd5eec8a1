"""VGG-16's base as Nefro's cache holds it: the same numbers for every program."""

import json
import pathlib
import struct

import numpy as np

# Convolutions of each block; a maximum pooling follows the last of them.
BLOCKS = (2, 2, 3, 3, 3)
LAYERS = [f"block{block}_conv{number}" for block, count in enumerate(BLOCKS, 1) for number in range(1, count + 1)]


def tensors(path):
    """{name: array} of a safetensors file of Float32."""
    content = pathlib.Path(path).read_bytes()
    length, = struct.unpack("<Q", content[:8])
    found = {}
    for name, entry in json.loads(content[8:8 + length]).items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: {name} is {entry['dtype']}, not F32")
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        found[name] = np.frombuffer(content[start:end], dtype="<f4").reshape(entry["shape"])
    return found


def read(path):
    """{layer: (kernel [3, 3, in, out], bias [out])}"""
    found = tensors(path)
    return {layer: (found[f"{layer}/kernel"], found[f"{layer}/bias"]) for layer in LAYERS}


def head_kernel(inputs=7 * 7 * 512, classes=2):
    """The new head's first weights, as nefro-benchmarks draws them."""
    number = np.arange(inputs * classes, dtype=np.int64)
    return ((number * 7919 % 10007 / 10007 - 0.5) * 0.02).astype(np.float32).reshape(inputs, classes)


def onnx_model(path, batch, head=None):
    """The base as an ONNX file's bytes, from [batch, 3, 224, 224] to [batch, 512, 7, 7]: ONNX's own order.

    head: (kernel [25088, classes], bias [classes]) of a flattening head; the result is [batch, classes] then.
    """
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants, last = [], [], "input"
    for layer, (kernel, bias) in read(path).items():
        turned = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))
        constants.append(numpy_helper.from_array(turned, f"{layer}/kernel"))
        constants.append(numpy_helper.from_array(bias, f"{layer}/bias"))
        nodes.append(helper.make_node(
            "Conv", [last, f"{layer}/kernel", f"{layer}/bias"], [layer], kernel_shape=[3, 3], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [layer], [f"{layer}_relu"]))
        last = f"{layer}_relu"
        block, number = int(layer[5]), int(layer[-1])
        if number == BLOCKS[block - 1]:
            nodes.append(helper.make_node(
                "MaxPool", [last], [f"block{block}_pool"], kernel_shape=[2, 2], strides=[2, 2]))
            last = f"block{block}_pool"
    shape = [batch, 512, 7, 7]
    if head:
        constants += [numpy_helper.from_array(head[0], "head/kernel"), numpy_helper.from_array(head[1], "head/bias")]
        nodes += [
            # The head's rows are in the order height, width, channel.
            helper.make_node("Transpose", [last], ["channels_last"], perm=[0, 2, 3, 1]),
            helper.make_node("Flatten", ["channels_last"], ["flat"]),
            helper.make_node("Gemm", ["flat", "head/kernel", "head/bias"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["probabilities"]),
        ]
        last, shape = "probabilities", [batch, head[0].shape[1]]
    graph = helper.make_graph(
        nodes, "vgg16",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [batch, 3, 224, 224])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, shape)], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return model.SerializeToString()
