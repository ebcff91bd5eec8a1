"""Says what is measured and how long all of it will take."""

import contextlib
import sys
import time


class Progress:
    def __init__(self, rows):
        """rows: each with the number of rounds to come. A row's guess of its seconds is used until it is measured."""
        self.left = {row.NAME: max(count, 0) for row, count in rows}
        self.seconds = {row.NAME: row.SECONDS for row, _ in rows}
        self.note(f"{sum(self.left.values())} rounds, {self._text()}")

    def begin(self, row):
        self.note(f"{row.NAME}: {row.ABOUT}")

    @contextlib.contextmanager
    def round(self, row, number, total):
        start = time.monotonic()
        yield
        taken = time.monotonic() - start
        self.seconds[row.NAME] = taken
        self.left[row.NAME] -= 1
        self.note(f"{row.NAME}, round {number} of {total}: {taken:.0f} s; {self._text()}")

    def give_up(self, row, reason):
        self.left[row.NAME] = 0
        self.note(f"{row.NAME}: {reason}")

    def _text(self):
        seconds = sum(count * self.seconds[name] for name, count in self.left.items())
        return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {seconds:.0f} s left"

    @staticmethod
    def note(text):
        print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)
