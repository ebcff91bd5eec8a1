"""A row of the table of targets."""

import dataclasses

from figures import count, ratio


@dataclasses.dataclass
class Target:
    work: str
    limit: float
    # With units, as text; None if not measured.
    nefro: str | None = None
    peer: str | None = None
    value: float | None = None
    # The same in each round by itself.
    rounds: list[float] = dataclasses.field(default_factory=list)
    # How the value is shown and what it is, if no ratio to the best peer.
    unit: str = ""
    why_not: str = "not measured yet"

    def cells(self):
        limit = f"{self.limit:g}{self.unit}"
        if self.value is None:
            return [self.work, "-", "-", "-", f"at most {limit}", self.why_not]
        met = "met" if self.value <= self.limit else f"missed, {self.value / self.limit:.2f} times the target"
        return [
            self.work, self.nefro, self.peer, self.shown(self.value) + self.unit, f"at most {limit}",
            f"{met}; {self.range()}"]

    def range(self):
        """How many rounds the verdict rests on, and how far they lie apart."""
        low, high = (self.shown(value) for value in (min(self.rounds), max(self.rounds)))
        return f"{count(self.rounds)}, {low if low == high else f'{low} to {high}'}{self.unit}"

    def shown(self, value):
        return f"{value:.0f}" if self.unit else ratio(value)
