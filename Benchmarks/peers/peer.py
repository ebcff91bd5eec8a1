"""Times VGG-16's base in another program, for run.py: the same orders and answers as `nefro-benchmarks serve`.

Usage: python peer.py onnxruntime|keras MODEL.onnx [THREADS]

Prints one JSON object when it is ready, and one for each line it reads: "BATCH REPETITIONS", or "memory". The first run
of a batch size is not measured.
"""

import json
import os
import pathlib
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import numpy as np


def pictures(batch):
    """[batch, 224, 224, 3], preprocessed: the pictures that nefro-benchmarks draws."""
    n, y, x, c = np.meshgrid(np.arange(batch), np.arange(224), np.arange(224), np.arange(3), indexing="ij")
    rgb = (x * 3 + y * 5 + c * 40 + (x * y) // 16 + ((x // 32 + y // 32) % 2) * 90 + n) % 256
    mean = np.array([103.939, 116.779, 123.68], dtype=np.float32)
    return np.ascontiguousarray(rgb[..., ::-1].astype(np.float32) - mean)


# Each returns its name, its version, what turns an array into its input, what runs a batch, and what brings the result
# into the order [batch, height, width, channels].


def onnx_runtime(model_path, threads):
    """The graph that the weights came in, up to block5_pool."""
    import onnx
    import onnxruntime

    model = onnx.load(model_path)
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
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(cut.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def run(batch):
        return session.run(None, {"input": batch})[0]

    return "ONNX Runtime", onnxruntime.__version__, np.asarray, run, lambda output: output.transpose(0, 2, 3, 1)


def keras_function(model_path, threads):
    """Keras's own VGG16 under tf.function, the fastest way Keras offers to call it."""
    import keras
    import onnx
    import tensorflow as tf
    from onnx import numpy_helper

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    found = {i.name: numpy_helper.to_array(i) for i in onnx.load(model_path).graph.initializer}
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(224, 224, 3))
    for layer in base.layers:
        if layer.weights:
            kernel = found[f"functional_1/{layer.name}_1/convolution/ReadVariableOp:0"].transpose(2, 3, 1, 0)
            layer.set_weights([kernel, found[f"functional_1/{layer.name}_1/Squeeze:0"]])
    call = tf.function(lambda batch: base(batch, training=False))

    def run(batch):
        return call(batch).numpy()

    return "Keras", f"{keras.__version__} on TensorFlow {tf.__version__}", tf.constant, run, np.asarray


STATUS, CLEAR = pathlib.Path("/proc/self/status"), pathlib.Path("/proc/self/clear_refs")


def forget_peak_memory():
    """What reading the model took is no part of running it."""
    CLEAR.write_text("5")


def peak_memory():
    """Since then, in MiB."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def answer(content):
    print(json.dumps(content), flush=True)


def main():
    make = {"onnxruntime": onnx_runtime, "keras": keras_function}[sys.argv[1]]
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else len(os.sched_getaffinity(0))
    name, version, prepared, run, channels_last = make(sys.argv[2], threads)
    features = channels_last(run(prepared(pictures(1))))
    assert features.shape == (1, 7, 7, 512), features.shape
    answer({"name": name, "version": version, "threads": threads,
            "features": [float(value) for value in features.flatten()[:512]]})
    forget_peak_memory()
    known = {}
    for line in sys.stdin:
        if line.strip() == "memory":
            answer({"peak": peak_memory()})
            continue
        batch, repetitions = map(int, line.split())
        if batch not in known:
            known[batch] = prepared(pictures(batch))
            run(known[batch])
        durations = []
        for _ in range(repetitions):
            start = time.perf_counter()
            run(known[batch])
            durations.append((time.perf_counter() - start) * 1000 / batch)
        answer({"milliseconds": durations})


main()
