"""A training step with block5 unfrozen."""

import os

from contestants import Entry, Failed, Turns
from figures import count
from rows import turns
from targets import Target

NAME, ABOUT = "step", "a training step with block5 unfrozen, batch 16"
SECONDS = 16
BATCH, RATE = 16, "1e-7"
# Before the first turn each makes so many steps, whose losses must be those of the others.
COMPARED, TOLERANCE = 4, 1e-3


def rounds(bench):
    return bench.options.rounds


class Steps(Turns):
    def _check(self, contestant, known):
        known["losses"] = contestant.ask(str(COMPARED))["losses"]
        if contestant is self.playing[0]:
            return
        expected = self.record["contestants"]["Nefro"]["losses"]
        known["error"] = max(abs(a - b) / abs(b) for a, b in zip(known["losses"], expected, strict=True))
        if not known["error"] < TOLERANCE:
            self._drop(contestant)
            raise Failed(f"its losses are others: relative error {known['error']:.2g}")


def session(bench, record):
    threads = len(bench.processors)

    def peer(name, family, script, *arguments):
        return Entry(name, family, [*bench.program(script), bench.weights, threads, BATCH, RATE, *arguments])

    nefro = [bench.nefro_benchmarks, "training-step", "--serve", "--threads", threads, "--batch", BATCH, "--rate", RATE]
    entries = [
        Entry("Nefro", "Nefro", nefro),
        peer("PyTorch", "PyTorch", "step_torch.py"),
        peer("Keras", "Keras", "step_keras.py", "plain"),
        peer("Keras, XLA", "Keras", "step_keras.py", "xla"),
    ]
    return Steps(bench, record, entries, [("step", "1")], os.sched_getaffinity(0))


def targets(record):
    return [turns.fill(Target("a training step with block5 unfrozen, batch 16", 0.45), record, "step")]


def section(record):
    losses = record["contestants"].get("Nefro", {}).get("losses") or []
    return [
        "## A training step",
        "",
        f"Sixteen pictures through the frozen blocks, forward and backward through block5 and a new head (flatten,",
        f"dense, 2 classes), an update by SGD without momentum at rate {RATE}; {record['processors']} threads. "
        f"Milliseconds a step: median (middle",
        f"half) of {count(record['rounds'])}. Before them each program made {COMPARED} steps from the same weights "
        "on the same batch; Nefro's",
        f"losses before each were {', '.join(f'{loss:.5f}' for loss in losses)}. Relative error: the largest difference "
        "of a loss to these.",
        "",
        *turns.comparison(record, [("step", "a step")], "ms"),
    ]
