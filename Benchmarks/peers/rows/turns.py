"""What the rows share whose programs take turns."""

import statistics

from figures import number, ratio, spread, table


def durations(record, label):
    """{entry: milliseconds of all rounds}, of those that did not fail."""
    found = {}
    for done in record["rounds"]:
        for name, answers in done.items():
            if label in answers and not record["contestants"][name]["failed"]:
                found.setdefault(name, []).extend(answers[label]["milliseconds"])
    return found


def best_peer(medians):
    return min((name for name in medians if name != "Nefro"), key=medians.get, default=None)


def result(record, label):
    """(medians, best peer) of a label; (None, None) if Nefro or all peers are missing."""
    if not record or record["unmeasured"]:
        return None, None
    medians = {name: statistics.median(values) for name, values in durations(record, label).items()}
    best = best_peer(medians)
    return (medians, best) if best and "Nefro" in medians else (None, None)


def fill(target, record, label, unit="ms"):
    medians, best = result(record, label)
    if medians:
        target.nefro = f"{number(medians['Nefro'])} {unit}"
        target.peer = f"{best}, {number(medians[best])} {unit}"
        target.value = medians["Nefro"] / medians[best]
        target.rounds = [
            statistics.median(done["Nefro"][label]["milliseconds"]) / statistics.median(done[best][label]["milliseconds"])
            for done in record["rounds"] if label in done.get("Nefro", ()) and label in done.get(best, ())]
    elif record:
        target.why_not = record["unmeasured"] or "nothing to compare with: see below"
    return target


def comparison(record, labels, unit):
    """A table: each entry with its medians, Nefro's share of them, its error and memory.

    labels: [(label, heading)].
    """
    known = record["contestants"]
    header = ["program"]
    for _, heading in labels:
        header += [f"{heading}, {unit}", "Nefro / it"]
    has_error = any("error" in entry for entry in known.values())
    header += ["relative error"] * has_error + ["most memory, MiB"]
    rows = []
    for name, entry in known.items():
        if entry["failed"]:
            rows.append([name, f"failed: {entry['failed']}".replace("|", "/")] + [""] * (len(header) - 2))
            continue
        cells = [name]
        for label, _ in labels:
            values = durations(record, label)
            if name not in values:
                cells += ["-", "-"]
                continue
            nefro, own = (statistics.median(values[one]) for one in ("Nefro", name))
            cells += [spread(values[name]), "" if name == "Nefro" else ratio(nefro / own)]
        if has_error:
            cells.append(f"{entry['error']:.1e}" if "error" in entry else "")
        cells.append(f"{entry['memory']:.0f}" if "memory" in entry else "-")
        rows.append(cells)
    lines = table(header, rows)
    slow = [name for name, entry in known.items() if entry.get("slow")]
    if slow:
        lines += [f"After one round no more was asked of {', '.join(slow)}: another way of the same program is much "
                  "faster.", ""]
    return lines
