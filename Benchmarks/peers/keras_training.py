"""The report's training by Keras, a whole process, for the rows that train."""

import json

import processes
from environment import say


def train(bench, epochs, augmented):
    """{"epochs": [seconds of each], "seconds": of the process, "peak": MiB, "version"}"""
    say(f"Keras trains {epochs} epoch{'s' if epochs > 1 else ''}")
    command = [
        *bench.program("train_keras.py"), bench.weights, len(bench.processors), bench.data, epochs,
        "augmented" if augmented else "plain"]
    run = processes.run(command, bench.work / "train_keras.log")
    answers = [json.loads(line) for _, line in run.lines if line.startswith("{")]
    ready, done = answers[0], answers[1:]
    return {
        "epochs": [epoch["seconds"] for epoch in done], "losses": [epoch["loss"] for epoch in done],
        "accuracies": [epoch["val_accuracy"] for epoch in done], "seconds": run.seconds, "peak": run.peak,
        "version": ready["version"], "pictures": [ready["training"], ready["validation"]]}
