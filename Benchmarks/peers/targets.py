"""A row of the table of targets."""

import dataclasses

from figures import ratio


@dataclasses.dataclass
class Target:
    work: str
    limit: float
    # With units, as text; None if not measured.
    nefro: str | None = None
    peer: str | None = None
    value: float | None = None
    # How the value is shown and what it is, if no ratio to the best peer.
    unit: str = ""
    why_not: str = "not measured yet"

    def cells(self):
        limit = f"{self.limit:g}{self.unit}"
        if self.value is None:
            return [self.work, "-", "-", "-", f"at most {limit}", self.why_not]
        shown = f"{self.value:.0f}{self.unit}" if self.unit else ratio(self.value)
        met = "met" if self.value <= self.limit else f"missed, {self.value / self.limit:.2f} times the target"
        return [self.work, self.nefro, self.peer, shown, f"at most {limit}", met]
