"""The report's training: its epochs and its memory."""

import contextlib
import re
import statistics

import keras_training
from contestants import Failed
from environment import say
from figures import count, number, spread, table
from nefro_project import NefroProject
from targets import Target

NAME, ABOUT = "epoch", "the report's training: time of an epoch, peak memory"
SECONDS = 190
EPOCHS = 5


def rounds(bench):
    return bench.options.long_rounds


class Session(contextlib.nullcontext):
    def __init__(self, bench, record):
        super().__init__(self)
        self.bench, self.record = bench, record
        self.project = NefroProject(bench, "report")
        for name in ("Nefro", "Keras"):
            record["contestants"].setdefault(name, {})["failed"] = None

    def round(self, number):
        result = {}
        turns = [("Nefro", self.nefro), ("Keras", self.keras)]
        for name, train in turns if number % 2 == 0 else reversed(turns):
            known = self.record["contestants"][name]
            try:
                result[name] = train()
                known["failed"] = None
                known["version"] = result[name].get("version")
            except Failed as failure:
                known["failed"] = str(failure)
                if name == "Nefro":
                    raise self.bench.Unmeasurable(f"Nefro failed: {failure}")
        return result

    def nefro(self):
        say(f"Nefro trains {EPOCHS} epochs")
        self.project.forget_features()
        return nefro_epochs(self.project.run("train"))

    def keras(self):
        return keras_training.train(self.bench, 1 if self.bench.options.quick else 2, augmented=True)

    def finish(self):
        pass


def nefro_epochs(run):
    """An epoch lasts until its line appears; the first began with the process."""
    ends = [seconds for seconds, line in run.lines if re.match(r"Epoch \d+/\d+: ", line)]
    if not ends:
        raise Failed("no epoch was told")
    epochs = [end - start for start, end in zip([0, *ends], ends)]
    return {"epochs": epochs, "seconds": run.seconds, "peak": run.peak}


session = Session


def figures(record):
    """Of both programs, or None: (mean epoch of each of Nefro's runs, Keras's last epochs), (peaks, peaks)."""
    done = [one for one in record["rounds"] if "Nefro" in one and "Keras" in one] if record else []
    if not done or record["unmeasured"]:
        return None
    epochs = [statistics.mean(one["Nefro"]["epochs"]) for one in done], [one["Keras"]["epochs"][-1] for one in done]
    return epochs, tuple([one[name]["peak"] for one in done] for name in ("Nefro", "Keras"))


def targets(record):
    time = Target("an epoch of the report's training", 0.26)
    memory = Target("the report's whole training run, peak memory", 0.4)
    found = figures(record)
    if not found:
        if record:
            time.why_not = memory.why_not = (
                record["unmeasured"] or f"Keras failed: {record['contestants']['Keras']['failed']}")
        return [time, memory]
    for target, (nefro, keras), unit in zip((time, memory), found, ("s", "MiB")):
        target.nefro = f"{number(statistics.median(nefro))} {unit}"
        target.peer = f"Keras, {number(statistics.median(keras))} {unit}"
        target.value = statistics.median(nefro) / statistics.median(keras)
        target.rounds = [one / other for one, other in zip(nefro, keras)]
    return [time, memory]


def section(record):
    lines = [
        "## The report's training",
        "",
        "372 augmented pictures in batches of 16 through the frozen base and a head of flatten and dense, then 93",
        "validated, as `config/report-params.yaml` says. Nefro: `nefro train`, a whole process of 5 epochs with empty",
        "feature caches, after `nefro ingest` and `nefro prepare`; an epoch lasts from the line that ends the one before",
        "to its own, the first from the start of the process. Keras: a process with ImageDataGenerator, which decodes",
        "and augments as the report's code does, and `fit`; time by its callbacks. The target compares the mean of",
        "Nefro's five epochs, its start included, with the last epoch that Keras made, "
        f"{'here its only one' if record['fingerprint']['quick'] else 'without start and tracing'}.",
        "Memory: the most that each process held, by wait4, mapped files included; Keras's was reached in "
        f"{'one epoch' if record['fingerprint']['quick'] else 'two epochs'}.",
        "",
    ]
    rows = []
    for name, entry in record["contestants"].items():
        done = [one[name] for one in record["rounds"] if name in one]
        if entry["failed"] or not done:
            rows.append([name, f"failed: {entry['failed']}", "", "", ""])
            continue
        rows.append([
            name, spread([one["epochs"][0] for one in done]),
            spread([value for one in done for value in one["epochs"][1:]]) if len(done[0]["epochs"]) > 1 else "-",
            spread([statistics.mean(one["epochs"]) for one in done]), spread([one["peak"] for one in done])])
    lines += table(["program", "first epoch, s", "a later epoch, s", "mean, s", "peak memory, MiB"], rows)
    lines += [f"{count(record['rounds'])}. Nefro validates in a later epoch on the features it has kept of the first.", ""]
    return lines
