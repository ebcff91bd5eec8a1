"""VGG-16's base on one core, one picture at a time."""

from contestants import Turns
from figures import count
from rows import base, turns
from targets import Target

NAME, ABOUT = "core", "VGG-16's base on one core, batch 1"
SECONDS = 9
rounds = base.rounds


def session(bench, record):
    return Turns(bench, record, base.entries(bench, 1), [("batch 1", "1 5")], {bench.processors[0]})


def targets(record):
    return [turns.fill(Target("one core, batch 1", 0.36), record, "batch 1")]


def section(record):
    return [
        "## One core",
        "",
        "The same, one picture at a time, by processes that are bound to one core and told to use one thread:",
        f"{count(record['rounds'])} of five pictures.",
        "",
        *turns.comparison(record, [("batch 1", "batch 1")], "ms a picture"),
    ]
