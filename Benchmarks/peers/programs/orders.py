"""The side of run.py in a peer: the same orders and answers as `nefro-benchmarks serve` and `training-step --serve`."""

import json
import pathlib
import sys
import time

import numpy as np

STATUS, CLEAR = pathlib.Path("/proc/self/status"), pathlib.Path("/proc/self/clear_refs")


def pictures(batch):
    """[batch, 224, 224, 3], preprocessed: the pictures that nefro-benchmarks draws."""
    n, y, x, c = np.meshgrid(np.arange(batch), np.arange(224), np.arange(224), np.arange(3), indexing="ij")
    rgb = (x * 3 + y * 5 + c * 40 + (x * y) // 16 + ((x // 32 + y // 32) % 2) * 90 + n) % 256
    mean = np.array([103.939, 116.779, 123.68], dtype=np.float32)
    return np.ascontiguousarray(rgb[..., ::-1].astype(np.float32) - mean)


def answer(content):
    print(json.dumps(content), flush=True)


def forget_peak_memory():
    """What reading the model took is no part of running it."""
    CLEAR.write_text("5")


def peak_memory():
    """Since then, in MiB."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def orders():
    """The lines of standard input but "memory", which is answered here."""
    for line in sys.stdin:
        if line.strip() == "memory":
            answer({"peak": peak_memory()})
        else:
            yield line


def serve_base(name, version, threads, prepare):
    """Answers "BATCH REPETITIONS" with milliseconds a picture; the first run of a batch size is not measured.

    prepare(batch): returns what runs the pictures given to it, [batch, 224, 224, 3], once for all, and what brings its
    result into the order [batch, 7, 7, 512].
    """
    run, channels_last = prepare(pictures(1))
    features = np.array(channels_last(run()))
    if features.shape != (1, 7, 7, 512):
        raise ValueError(f"features of shape {features.shape}")
    answer({"name": name, "version": version, "threads": threads, "features": features.flatten().tolist()})
    forget_peak_memory()
    known = {1: run}
    for line in orders():
        batch, repetitions = map(int, line.split())
        if batch not in known:
            known[batch], channels_last = prepare(pictures(batch))
            # The first picture is the same in every batch.
            first = np.array(channels_last(known[batch]()))[:1]
            error = np.abs(first - features).max() / np.abs(features).max()
            if not error < 1e-4:
                raise ValueError(f"in a batch of {batch} the features differ by {error:.2g}")
        durations = []
        for _ in range(repetitions):
            start = time.perf_counter()
            known[batch]()
            durations.append((time.perf_counter() - start) * 1000 / batch)
        answer({"milliseconds": durations})


def serve_steps(name, version, threads, step):
    """Answers "STEPS" with the milliseconds of each and the losses before each.

    step(): makes one training step and returns the loss before it.
    """
    answer({"name": name, "version": version, "threads": threads})
    forget_peak_memory()
    for line in orders():
        durations, losses = [], []
        for _ in range(int(line)):
            start = time.perf_counter()
            loss = float(step())
            durations.append((time.perf_counter() - start) * 1000)
            losses.append(loss)
        answer({"milliseconds": durations, "losses": losses})
