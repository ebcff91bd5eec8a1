"""Nefro alone: what happens to a picture before the network, and whether the network ever waits for one."""

import contextlib
import json
import subprocess

from figures import spread, table

NAME, ABOUT = "pictures", "Nefro alone: reading and augmenting pictures, waiting for them"
SECONDS = 30


def rounds(bench):
    return 1


class Session(contextlib.nullcontext):
    def __init__(self, bench, record):
        super().__init__(self)
        self.bench = bench

    def round(self, number):
        return {command: self._ask(command) for command in ("pictures", "feeder")}

    def _ask(self, command):
        data = self.bench.options.data
        line = [self.bench.nefro_benchmarks, command, "--json", *(["--data", data] if data else [])]
        done = subprocess.run(line, capture_output=True, text=True)
        if done.returncode:
            raise self.bench.Unmeasurable(f"Nefro failed: {done.stderr.strip()[-200:]}")
        return json.loads(done.stdout)

    def finish(self):
        pass


session = Session


def targets(record):
    return []


def section(record):
    if not record["rounds"]:
        return []
    pictures, feeder = record["rounds"][-1]["pictures"], record["rounds"][-1]["feeder"]
    source = "real slices" if record["data"] else "drawn pictures of 512 x 512"
    steps = [spread(pictures[step]["milliseconds"]) for step in ("reading", "resizing", "augmentation", "scaling")]
    epochs = [
        ["first, pictures are decoded" if epoch["decodes"] else "later, pictures are in memory",
         f"{epoch['waiting'] * 100:.1f} %", f"{epoch['network']:.1f}", f"{epoch['start']:.0f} ms"]
        for epoch in feeder["epochs"]]
    return [
        "## Pictures",
        "",
        f"{pictures['pictures']} {source} to 224 x 224, one thread, milliseconds a picture: median (middle half).",
        "",
        *table(
            ["reading and decoding", "resizing", "augmentation", "scaling", "all, by the feeder on all processors"],
            [[*steps, f"{pictures['picturesASecond']:.0f} pictures/s"]]),
        "## Does the network wait for pictures?",
        "",
        f"{feeder['pictures']} {source}, augmented, in batches of {feeder['batch']}, through VGG-16's base on all",
        "processors.",
        "",
        *table(["epoch", "network waits", "network, ms a picture", "first batch after"], epochs),
        f"The network alone: {feeder['networkAlone']:.1f} ms a picture.",
        "",
    ]
