"""Writes docs/benchmarks.md from what was measured."""

from figures import table


def text(records):
    """records: [(row, record or None)]"""
    measured = [record for _, record in records if record]
    lines = [
        "# Benchmarks",
        "",
        "Written by `python3 Benchmarks/peers/run.py`; see `Benchmarks/README.md`. Do not edit.",
        "",
        *circumstances(measured),
        "",
        "## Targets",
        "",
        "Ratio: Nefro's median by the median of the best of the others, measured by turns in the same run; lower is",
        "better. Beside each verdict: how many rounds it rests on, and the lowest and the highest ratio in one of them. Of",
        "few rounds that range says little. The sections below have the spread, and say what exactly was measured.",
        "",
        *table(
            ["work", "Nefro", "best peer", "ratio", "target", ""],
            [target.cells() for row, record in records for target in row.targets(record)]),
    ]
    newest = measured[-1] if measured else None
    for row, record in records:
        if not record:
            continue
        section = row.section(record) if record["rounds"] else [f"## {row.ABOUT[0].upper()}{row.ABOUT[1:]}", ""]
        if record["unmeasured"]:
            section += [f"Not measured: {record['unmeasured']}.", ""]
        if record.get("commit") != newest.get("commit") or record.get("date") != newest.get("date"):
            section += [f"Measured on {record.get('date')}, commit {record.get('commit')}.", ""]
        lines += section
    lines += repeating(measured)
    return "\n".join(lines).rstrip() + "\n"


def circumstances(measured):
    if not measured:
        return ["Nothing was measured yet."]
    newest = measured[-1]
    loads = [record["load"] for record in measured if "load" in record]
    lines = [
        f"- Date: {newest.get('date')}, commit {newest.get('commit')}",
        f"- Processor: {newest.get('processor')}, {newest.get('processors')} usable",
        f"- System: {newest.get('system')}, Python {newest.get('python')}",
    ]
    if loads:
        lines.append(f"- Load average of a minute at the end of each part: {min(loads):.1f} to {max(loads):.1f}")
    if newest.get("nefro"):
        lines.append(f"- {newest['nefro']}")
    versions = {}
    for record in measured:
        for entry in record["contestants"].values():
            # Variants of one program share its name up to the comma.
            if entry.get("version") and entry.get("family") not in (None, "Nefro") and record["name"] != "kernels":
                versions[entry["family"]] = entry["version"]
    return lines + [f"- {name}: {version}" for name, version in versions.items()]


def repeating(measured):
    """The command with the rounds that the report has: rows that train have their own number."""
    counts = {True: set(), False: set()}
    for record in measured:
        counts[record["name"] in ("epoch", "cached")].add(len(record["rounds"]))
    options = "".join(
        f" {option} {max(counts[trains])}"
        for option, trains in (("--rounds", False), ("--long-rounds", True)) if any(counts[trains]))
    return [
        "## How to repeat it",
        "",
        "```sh",
        "nefro weights fetch vgg16",
        f"python3 Benchmarks/peers/run.py --data FOLDER{options}",
        "```",
        "",
        "`FOLDER` holds the class folders of the report's 465 slices. `--rows` chooses, `--quick` gives a first look,",
        "an interrupted run goes on where it was, and without the numbers of rounds there are more of them.",
    ]
