"""VGG-16's base on all processors, one picture and sixteen at a time."""

import os

from contestants import Entry, Turns
from figures import count
from rows import turns
from targets import Target

NAME, ABOUT = "base", "VGG-16's base on all processors, batch 1 and 16"
SECONDS = 11
ORDERS = [("batch 1", "1 5"), ("batch 16", "16 1")]


def rounds(bench):
    return bench.options.rounds


def entries(bench, threads):
    def peer(name, family, script, *arguments):
        return Entry(name, family, [*bench.program(script), bench.weights, threads, *arguments])

    return [
        Entry("Nefro", "Nefro", [bench.nefro_benchmarks, "serve", "--threads", threads]),
        peer("ONNX Runtime", "ONNX Runtime", "base_onnxruntime.py"),
        peer("OpenVINO", "OpenVINO", "base_openvino.py"),
        peer("Keras", "Keras", "base_keras.py", "plain"),
        peer("Keras, XLA", "Keras", "base_keras.py", "xla"),
        peer("PyTorch", "PyTorch", "base_torch.py", "plain"),
        peer("PyTorch, frozen", "PyTorch", "base_torch.py", "frozen"),
        peer("PyTorch, compiled", "PyTorch", "base_torch.py", "compiled"),
    ]


def session(bench, record):
    return Turns(bench, record, entries(bench, len(bench.processors)), ORDERS, os.sched_getaffinity(0))


def targets(record):
    return [
        turns.fill(Target("base, batch 1", 0.36), record, "batch 1"),
        turns.fill(Target("base, batch 16, a picture", 0.34), record, "batch 16"),
    ]


def section(record):
    return [
        "## VGG-16's base",
        "",
        "From preprocessed pictures, 224 x 224 x 3, to block5_pool, 7 x 7 x 512, in Float32, on the weights of Nefro's",
        f"cache, with {record['processors']} threads. Milliseconds a picture: median (middle half) of "
        f"{count(record['rounds'])} in which the",
        "programs took turns, five pictures and one batch of sixteen each. Relative error: the largest difference to",
        "Nefro's features of a picture by the largest feature. Memory: since the weights were read. Each program gets",
        "its pictures in the order it likes best.",
        "",
        *turns.comparison(record, [("batch 1", "batch 1"), ("batch 16", "batch 16")], "ms a picture"),
    ]
