"""Medians, spreads and ratios as text."""

import statistics


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def middle(values, show=number):
    if len(values) < 2:
        return "once"
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{show(low)} to {show(high)}"


def spread(values, show=number):
    """The median and the middle half."""
    return f"{show(statistics.median(values))} ({middle(values, show)})"


def count(items, name="round"):
    return f"{len(items)} {name}{'' if len(items) == 1 else 's'}"


def ratio(value):
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def table(header, rows):
    return [f"| {' | '.join(header)} |", "|" + "---|" * len(header), *(f"| {' | '.join(row)} |" for row in rows), ""]
