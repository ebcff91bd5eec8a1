"""A cold process that predicts one file."""

import contextlib
import json
import statistics

import processes
from contestants import Failed
from figures import count, number, ratio, spread, table
from nefro_project import NefroProject
from targets import Target

NAME, ABOUT = "cold", "a process that predicts one file and ends"
SECONDS = 5
PEERS = {"ONNX Runtime": "plain", "ONNX Runtime, optimized": "optimized"}
TOLERANCE = 1e-3


def rounds(bench):
    return bench.options.rounds


class Session(contextlib.nullcontext):
    def __init__(self, bench, record):
        super().__init__(self)
        self.bench, self.record = bench, record
        for name in ("Nefro", *PEERS):
            record["contestants"].setdefault(name, {})["failed"] = None
        self.picture = next((path for path in sorted(bench.data.rglob("*")) if path.suffix.lower() == ".jpg"), None)
        if not self.picture:
            raise bench.Unmeasurable(f"there is no .jpg in {bench.data}")
        self.project = NefroProject(bench, "cold", ["EPOCHS=1", "AUGMENTATION=False"])
        self.models = {way: self.project.folder / f"{way}.onnx" for way in ("plain", "optimized")}
        try:
            self.project.run("train")
        except Failed as failure:
            raise bench.Unmeasurable(f"Nefro failed: {failure}")
        try:
            processes.run(
                [*bench.program("make_classifier.py"), bench.weights, self.project.model, *self.models.values()],
                bench.work / "make_classifier.log")
        except Failed as failure:
            for name in PEERS:
                record["contestants"][name]["failed"] = str(failure)

    def round(self, number):
        result = {}
        order = ["Nefro", *PEERS]
        turn = number % len(order)
        for name in order[turn:] + order[:turn]:
            known = self.record["contestants"][name]
            if known["failed"]:
                continue
            try:
                run, probabilities = self._nefro() if name == "Nefro" else self._peer(name, known)
            except Failed as failure:
                known["failed"] = str(failure)
                if name == "Nefro":
                    raise self.bench.Unmeasurable(f"Nefro failed: {failure}")
                continue
            result[name] = {"seconds": run.seconds, "peak": run.peak, "probabilities": probabilities}
        self._compare(result)
        return result

    def _nefro(self):
        run = self.project.run("predict", "--json", "--model", self.project.model, self.picture)
        answer = next(json.loads(line) for _, line in run.lines if line.startswith("{"))
        # By name, which is the order of the model's classes.
        return run, [probability for _, probability in sorted(answer["probabilities"].items())]

    def _peer(self, name, known):
        way = PEERS[name]
        run = processes.run(
            [*self.bench.program("cold_predict.py"), self.models[way], self.picture, len(self.bench.processors), way],
            self.bench.work / "cold_predict.log")
        answer = next(json.loads(line) for _, line in run.lines if line.startswith("{"))
        known["version"], known["family"] = answer["version"], "ONNX Runtime"
        return run, answer["probabilities"]

    def _compare(self, result):
        for name in list(result):
            difference = max(
                abs(a - b) for a, b in zip(
                    result[name]["probabilities"], result["Nefro"]["probabilities"], strict=True))
            self.record["contestants"][name]["difference"] = difference
            if difference > TOLERANCE:
                self.record["contestants"][name]["failed"] = f"its probabilities differ by {difference:.2g}"
                del result[name]

    def finish(self):
        pass


session = Session


def medians(record, key):
    found = {}
    for one in record["rounds"]:
        for name, answer in one.items():
            if not record["contestants"][name]["failed"]:
                found.setdefault(name, []).append(answer[key])
    return found


def targets(record):
    time = Target("cold process, one file predicted: time", 0.35)
    memory = Target("the same: peak memory", 200, unit=" MiB")
    if not record:
        return [time, memory]
    found = {name: statistics.median(values) for name, values in medians(record, "seconds").items()}
    peaks = {name: statistics.median(values) for name, values in medians(record, "peak").items()}
    best = min((name for name in found if name != "Nefro"), key=found.get, default=None)
    if record["unmeasured"] or not best or "Nefro" not in found:
        time.why_not = memory.why_not = record["unmeasured"] or "nothing to compare with: see below"
        return [time, memory]
    time.nefro, time.peer = f"{number(found['Nefro'])} s", f"{best}, {number(found[best])} s"
    time.value = found["Nefro"] / found[best]
    both = [one for one in record["rounds"] if "Nefro" in one and best in one]
    time.rounds = [one["Nefro"]["seconds"] / one[best]["seconds"] for one in both]
    memory.nefro, memory.peer = f"{number(peaks['Nefro'])} MiB", f"{best}, {number(peaks[best])} MiB"
    memory.value = peaks["Nefro"]
    memory.rounds = [one["Nefro"]["peak"] for one in both]
    return [time, memory]


def section(record):
    seconds, peaks = medians(record, "seconds"), medians(record, "peak")
    rows = []
    for name, entry in record["contestants"].items():
        if entry["failed"] or name not in seconds:
            rows.append([name, f"failed: {entry['failed']}", "", ""])
            continue
        nefro, own = (statistics.median(seconds[one]) for one in ("Nefro", name))
        rows.append([name, spread(seconds[name]), "" if name == "Nefro" else ratio(nefro / own), spread(peaks[name])])
    differences = [entry.get("difference", 0) for entry in record["contestants"].values()]
    return [
        "## A cold process",
        "",
        f"One slice, from the start of the process to its end, {count(record['rounds'])} by turns: "
        "`nefro predict --json` with a trained",
        "model of the report's head, and a Python program that imports ONNX Runtime, NumPy and Pillow and does the same",
        "with the same model (`programs/cold_predict.py`); once with the model as it is, once with the one that ONNX",
        "Runtime optimized and wrote beforehand. Files are in the system's cache. The probabilities differ by "
        f"{max(differences):.0e}",
        "at most. Memory: by wait4, mapped files included.",
        "",
        *table(["program", "s", "Nefro / it", "peak memory, MiB"], rows),
    ]
