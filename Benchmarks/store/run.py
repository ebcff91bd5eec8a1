"""How fast the run store answers among 10,000 runs, and what recording costs a training.

Each time is of a whole process, as a person waits for it. The programs take turns. Nothing but the standard library.
"""

import argparse
import datetime
import itertools
import os
import pathlib
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
import uuid

PROJECT = pathlib.Path(__file__).resolve().parents[2]
WORK = PROJECT / "Benchmarks" / ".results" / "run-store"
QUERY_TARGET = 0.1
TRAINING_TARGET = 1.02
PARAMETERS = """\
AUGMENTATION: True
IMAGE_SIZE: [224, 224, 3]
BATCH_SIZE: 16
INCLUDE_TOP: False
EPOCHS: 20
CLASSES: 2
WEIGHTS: imagenet
LEARNING_RATE: 0.01
SEED: 7
"""


def main():
    options = arguments()
    nefro = options.nefro.resolve() if options.nefro else build()
    WORK.mkdir(parents=True, exist_ok=True)
    print(f"{datetime.date.today()}, {version(nefro)}, {len(os.sched_getaffinity(0))} processors")
    if options.only != "training":
        queries(nefro, options)
    if options.only != "queries":
        training(nefro, options)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nefro", type=pathlib.Path, help="the program; else it is built")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15, help="how often each query is asked")
    parser.add_argument("--pairs", type=int, default=5, help="how often a training runs with and without its record")
    parser.add_argument("--epochs", type=int, default=2, help="of that training")
    parser.add_argument("--only", choices=["queries", "training"])
    return parser.parse_args()


def build():
    command = ["swift", "build", "-c", "release", "--package-path", PROJECT]
    subprocess.run([*command, "--product", "nefro"], check=True, stdout=sys.stderr)
    folder = subprocess.run([*command, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    return pathlib.Path(folder) / "nefro"


def version(nefro):
    return subprocess.run([nefro, "--version"], check=True, capture_output=True, text=True).stdout.strip()


def seconds(command, folder):
    """How long a process takes; it must succeed."""
    start = time.perf_counter()
    process = subprocess.run(
        [str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    taken = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{process.stderr}")
    return taken


def project(nefro, name, *, size, patients):
    """A project with data and base, made once."""
    folder = WORK / name
    if not (folder / "artifacts" / "prepare_base_model").exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "config").mkdir(parents=True)
        shutil.copy(PROJECT / "config" / "config.yaml", folder / "config")
        (folder / "params.yaml").write_text(PARAMETERS.replace("224, 224", f"{size}, {size}"))
        seconds([nefro, "synthesize", "--out", "hospital", "--patients", patients, "--size", size], folder)
        seconds([nefro, "ingest", "--source", "hospital"], folder)
        seconds([nefro, "prepare"], folder)
    return folder


def queries(nefro, options):
    folder = project(nefro, "queries", size=96, patients=12)
    store = folder / ".nefro" / "runs.sqlite"
    shutil.rmtree(store.parent, ignore_errors=True)
    # One training and one evaluation, recorded by the program itself; the others are like them.
    seconds([nefro, "train"], folder)
    seconds([nefro, "evaluate"], folder)
    ids = multiply(store, options.runs)
    ten = random.Random(1).sample(ids["evaluate"], 10)
    commands = {
        "`nefro --version`, for comparison": ["--version"],
        "`runs list`": ["runs", "list"],
        "`runs list --filter 'auc > 0.9 and epochs >= 5'`": ["runs", "list", "--filter", "auc > 0.9 and epochs >= 5"],
        "`runs list --filter 'val_loss < 0.4 and head = pooled'`":
            ["runs", "list", "--filter", "val_loss < 0.4 and head = pooled"],
        "`runs list --sort auc --limit 20`": ["runs", "list", "--sort", "auc", "--limit", "20"],
        "`runs compare` of ten": ["runs", "compare", *ten],
    }
    times = {name: [] for name in commands}
    for number in range(options.rounds + 1):
        order = list(commands)
        order = order[number % len(order):] + order[:number % len(order)]
        for name in order:
            taken = seconds([nefro, *commands[name]], folder)
            # The first round warms the system's file cache.
            if number:
                times[name].append(taken)
    size = store.stat().st_size / 2**20
    print(f"\n{options.runs} runs, {size:.0f} MiB; milliseconds of a whole process, median (middle half) of {options.rounds}\n")
    print("| command | ms | target |\n|---|---|---|")
    for name, values in times.items():
        middle = statistics.median(values)
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
        target = "" if "version" in name else f"{1000 * QUERY_TARGET:.0f}, {'met' if middle <= QUERY_TARGET else 'MISSED'}"
        print(f"| {name} | {1000 * middle:.0f} ({1000 * low:.0f} to {1000 * high:.0f}) | {target} |")


def multiply(store, count):
    """Makes `count` runs of the two that are there, with other parameters, figures and points."""
    draw = random.Random(0)
    database = sqlite3.connect(store)
    models = {kind: run for run, kind in database.execute("SELECT id, kind FROM runs")}
    tables = ["parameters", "tags", "history", "figures", "artifacts"]

    def columns(table):
        return [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "number"]

    def rows(table, run):
        key = "id" if table == "runs" else "run"
        names = columns(table)
        return [dict(zip(names, row)) for row in
                database.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {key} = ?", [run])]

    originals = {kind: {table: rows(table, run) for table in ["runs", *tables]} for kind, run in models.items()}
    ids = {kind: [run] for kind, run in models.items()}

    def insert(table, items):
        if items:
            names = list(items[0])
            database.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
                [list(item.values()) for item in items])

    for number, kind in zip(range(count - len(models)), itertools.cycle(["train", "evaluate"])):
        run = uuid.UUID(int=draw.getrandbits(128)).hex
        ids[kind].append(run)
        factor = draw.uniform(0.5, 1.5)
        changed = {"EPOCHS": draw.choice([3, 5, 10, 20]), "LEARNING_RATE": round(10 ** draw.uniform(-4, -1), 6),
                   "HEAD": draw.choice(["pooled", "flatten"]), "SEED": number}
        for table, items in originals[kind].items():
            copies = [dict(item) for item in items]
            for item in copies:
                if table == "runs":
                    shift = 60_000 * (number - count)
                    item |= {"id": run, "name": f"run {number}", "started": item["started"] + shift,
                             "ended": item["ended"] + shift}
                    continue
                item["run"] = run
                if table == "parameters" and item["key"] in changed:
                    item["value"] = str(changed[item["key"]])
                elif table == "history" and item["value"] is not None:
                    item["value"] *= factor
                elif table == "figures" and item["value"] is not None:
                    item["value"] = draw.uniform(0.5, 1)
            insert(table, copies)
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return ids


def training(nefro, options):
    folder = project(nefro, "training", size=224, patients=20)
    command = [nefro, "train", "--set", f"EPOCHS={options.epochs}"]
    shutil.rmtree(folder / ".nefro", ignore_errors=True)
    seconds([*command, "--no-record"], folder)
    seconds(command, folder)
    pairs = []
    for number in range(options.pairs):
        pair = {}
        for recorded in [True, False] if number % 2 else [False, True]:
            pair[recorded] = seconds(command if recorded else [*command, "--no-record"], folder)
        pairs.append(pair)
    ratios = [pair[True] / pair[False] for pair in pairs]
    added = [pair[True] - pair[False] for pair in pairs]
    ratio = statistics.median(ratios)
    print(f"\n`nefro train`, {options.epochs} epochs with augmentation, {statistics.median(p[False] for p in pairs):.2f} s without"
          f" a record; {options.pairs} pairs by turns")
    print(f"with a record: {ratio:.3f} times ({min(ratios):.3f} to {max(ratios):.3f}), target {TRAINING_TARGET}, "
          f"{'met' if ratio <= TRAINING_TARGET else 'MISSED'}; {1000 * statistics.median(added):+.0f} ms "
          f"({1000 * min(added):+.0f} to {1000 * max(added):+.0f})")


if __name__ == "__main__":
    main()
