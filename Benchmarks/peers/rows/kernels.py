"""Nefro by the build of its kernels."""

import json
import os
import statistics
import subprocess

from contestants import Entry, Failed, Turns
from figures import count, ratio, spread, table
from rows import base, turns

NAME, ABOUT = "kernels", "Nefro's base by the build of its kernels"
SECONDS = 5
rounds = base.rounds


class Builds(Turns):
    def _check(self, contestant, known):
        if known["version"] != f"{contestant.entry.name} kernels":
            self._drop(contestant)
            raise Failed(f"asked for these kernels it ran {known['version']}")
        super()._check(contestant, known)


def session(bench, record):
    told = subprocess.run([bench.nefro_benchmarks, "kernels", "--json"], check=True, capture_output=True, text=True)
    builds = json.loads(told.stdout)
    record["taken"] = builds["current"]
    entries = [
        Entry(name, name, [bench.nefro_benchmarks, "serve"], {"NEFRO_KERNELS": name})
        for name in sorted(builds["supported"], key=lambda name: name != builds["current"])]
    return Builds(bench, record, entries, base.ORDERS, os.sched_getaffinity(0))


def targets(record):
    return []


def section(record):
    labels = [label for label, _ in base.ORDERS]
    values = {label: turns.durations(record, label) for label in labels}
    rows = []
    for name, entry in record["contestants"].items():
        if entry["failed"]:
            rows.append([name, f"failed: {entry['failed']}", "", "", ""])
            continue
        cells = [name + (" (taken here)" if name == record["taken"] else "")]
        for label in labels:
            medians = {one: statistics.median(values[label][one]) for one in (name, record["taken"])}
            cells += [spread(values[label][name]), ratio(medians[name] / medians[record["taken"]])]
        rows.append(cells)
    return [
        "## Nefro's kernels",
        "",
        f"The builds that run on this processor, by turns, {count(record['rounds'])}: milliseconds a picture,",
        "and the time as a multiple of the build that is taken without being told (`NEFRO_KERNELS`).",
        "",
        *table(["build", "batch 1", "multiple", "batch 16", "multiple"], rows),
    ]
