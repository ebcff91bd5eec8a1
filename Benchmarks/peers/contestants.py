"""Programs that stay in memory and work when they are asked, so that each meets the same moods of the machine."""

import contextlib
import dataclasses
import json
import os
import subprocess
import time

# Threads of the one before may still spin for a moment when it has answered.
PAUSE = 0.05
# A variant this much slower than another of the same family after its first turn is not asked again.
HOPELESS = 1.7
TOLERANCE = 1e-4


@dataclasses.dataclass
class Entry:
    """One way in which a program is measured."""
    name: str
    # Of variants of one program the fastest counts.
    family: str
    command: list
    variables: dict = dataclasses.field(default_factory=dict)


class Failed(Exception):
    pass


class Contestant:
    def __init__(self, entry, log, processors):
        self.entry = entry
        self.log = log
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(
                [str(part) for part in entry.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                text=True, env=os.environ | variables(len(processors)) | entry.variables,
                preexec_fn=lambda: os.sched_setaffinity(0, processors))
        self.ready = self._read()

    def ask(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # Reading tells why.
        return self._read()

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failed(reason(self.process.wait(), self.log))
        return json.loads(line)

    def dismiss(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def variables(threads):
    """What libraries take the number of threads from, besides what each program is told."""
    return {name: str(threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


def reason(code, log):
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return f"{lines[-1][:200] if lines else 'no message'} (exit code {code})"


class Turns:
    """A session in which all entries take turns; the first is Nefro, whose features the others must have."""

    def __init__(self, bench, record, entries, orders, processors):
        """orders: [(label, line that is sent)], each asked of each entry once a round."""
        self.bench, self.record, self.orders, self.processors = bench, record, orders, processors
        self.entries = entries
        self.playing = []

    def __enter__(self):
        for entry in self.entries:
            known = self.record["contestants"].setdefault(entry.name, {})
            known |= {"family": entry.family, "failed": None}
            if known.get("slow"):
                continue
            log = self.bench.work / f"{self.record['name']}-{entry.name.replace(' ', '-')}.log"
            try:
                contestant = Contestant(entry, log, self.processors)
                self.playing.append(contestant)
                known["version"] = contestant.ready["version"]
                self._check(contestant, known)
            except Failed as failure:
                known["failed"] = str(failure)
                if entry is self.entries[0]:
                    self.__exit__()
                    raise self.bench.Unmeasurable(f"Nefro failed: {failure}")
        return self

    def _check(self, contestant, known):
        features, expected = contestant.ready.get("features"), self.playing[0].ready.get("features")
        if contestant is self.playing[0] or not features:
            return
        known["error"] = max(abs(a - b) for a, b in zip(features, expected, strict=True)) / max(map(abs, expected))
        if not known["error"] < TOLERANCE:
            self._drop(contestant)
            raise Failed(f"it computes other features: relative error {known['error']:.2g}")

    def round(self, number):
        result = {}
        # Nobody is always first after the pause between two rounds. Nefro goes before and after others alike.
        turn = number % len(self.playing)
        for contestant in self.playing[turn:] + self.playing[:turn]:
            try:
                for label, line in self.orders:
                    time.sleep(PAUSE)
                    result.setdefault(contestant.entry.name, {})[label] = contestant.ask(line)
            except Failed as failure:
                self.record["contestants"][contestant.entry.name]["failed"] = str(failure)
                result.pop(contestant.entry.name, None)
                self._drop(contestant)
                if contestant.entry is self.entries[0]:
                    raise self.bench.Unmeasurable(f"Nefro failed: {failure}")
        if not self.record["rounds"]:
            self._leave_hopeless_out(result)
        return result

    def _leave_hopeless_out(self, result):
        fastest = {}
        for contestant in self.playing:
            entry = contestant.entry
            taken = sum(min(answer["milliseconds"]) for answer in result[entry.name].values())
            fastest[entry.family] = min(taken, fastest.get(entry.family, taken))
        for contestant in list(self.playing):
            entry = contestant.entry
            taken = sum(min(answer["milliseconds"]) for answer in result[entry.name].values())
            if taken > HOPELESS * fastest[entry.family]:
                self.record["contestants"][entry.name]["slow"] = True
                self._drop(contestant)

    def _drop(self, contestant):
        if contestant in self.playing:
            self.playing.remove(contestant)
        contestant.dismiss()

    def finish(self):
        for contestant in self.playing:
            self.record["contestants"][contestant.entry.name]["memory"] = contestant.ask("memory")["peak"]

    def __exit__(self, *_):
        for contestant in self.playing:
            contestant.dismiss()
