"""Five epochs on a frozen base without augmentation, the first run and the next ones."""

import contextlib
import statistics

import keras_training
from contestants import Failed
from environment import say
from figures import count, number, spread, table
from nefro_project import NefroProject
from targets import Target

NAME, ABOUT = "cached", "5 epochs, frozen, no augmentation: first and second run"
SECONDS = 200
EPOCHS = 5
# Of the second kind, which is short.
SECOND_RUNS = 5


def rounds(bench):
    return bench.options.long_rounds


class Session(contextlib.nullcontext):
    def __init__(self, bench, record):
        super().__init__(self)
        self.bench, self.record = bench, record
        self.project = NefroProject(bench, "cached", [f"EPOCHS={EPOCHS}", "AUGMENTATION=False"])
        for name in ("Nefro", "Keras"):
            record["contestants"].setdefault(name, {})["failed"] = None

    def round(self, number):
        result = {}
        try:
            say(f"Nefro trains {EPOCHS} epochs, then again")
            self.project.forget_features()
            runs = [self.project.run("train") for _ in range(1 + SECOND_RUNS)]
            result["Nefro"] = {"first": runs[0].seconds, "second": [run.seconds for run in runs[1:]]}
        except Failed as failure:
            raise self.bench.Unmeasurable(f"Nefro failed: {failure}")
        known = self.record["contestants"]["Keras"]
        try:
            epochs = 1 if self.bench.options.quick else EPOCHS
            result["Keras"] = keras_training.train(self.bench, epochs, augmented=False)
            known["version"] = result["Keras"]["version"]
            known["failed"] = None
        except Failed as failure:
            known["failed"] = str(failure)
        return result

    def finish(self):
        pass


session = Session


def keras_seconds(one):
    """Of the whole process. Epochs that --quick left out are taken to be as long as the last one made."""
    return one["seconds"] + (EPOCHS - len(one["epochs"])) * one["epochs"][-1]


def targets(record):
    first = Target("5 epochs, frozen, no augmentation: first run", 0.06)
    second = Target("the same: second run", 0.004)
    if not record:
        return [first, second]
    done = [one for one in record["rounds"] if "Keras" in one]
    if record["unmeasured"] or not done:
        first.why_not = second.why_not = (
            record["unmeasured"] or f"Keras failed: {record['contestants']['Keras']['failed']}")
        return [first, second]
    keras = statistics.median(keras_seconds(one["Keras"]) for one in done)
    values = [one["Nefro"]["first"] for one in done], [value for one in done for value in one["Nefro"]["second"]]
    for target, nefro in zip((first, second), map(statistics.median, values)):
        target.nefro, target.peer, target.value = f"{number(nefro)} s", f"Keras, {number(keras)} s", nefro / keras
    first.rounds = [one["Nefro"]["first"] / keras_seconds(one["Keras"]) for one in done]
    second.rounds = [statistics.median(one["Nefro"]["second"]) / keras_seconds(one["Keras"]) for one in done]
    return [first, second]


def section(record):
    done = record["rounds"]
    rows = [
        ["Nefro, first run", spread([one["Nefro"]["first"] for one in done])],
        ["Nefro, second run", spread([value for one in done for value in one["Nefro"]["second"]])],
    ] if done else []
    keras = [keras_seconds(one["Keras"]) for one in done if "Keras" in one]
    failed = record["contestants"].get("Keras", {}).get("failed")
    rows.append(["Keras", spread(keras) if keras else f"failed: {failed}"])
    quick = ", of which one epoch was measured and counted five times" if record["fingerprint"]["quick"] else ""
    return [
        "## Five epochs without augmentation",
        "",
        "The same with AUGMENTATION=False: seconds of the whole process. Nefro: `nefro train`, after `nefro ingest` and",
        "`nefro prepare`, the first run with empty caches, the second with the features that the first one kept. Keras:",
        f"a process from its start to the end of `fit`{quick}. {count(done)}.",
        "",
        *table(["program", "s"], rows),
    ]
