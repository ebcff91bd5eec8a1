"""Measures Nefro beside ONNX Runtime, OpenVINO, Keras and PyTorch, by turns, and writes docs/benchmarks.md.

    python3 Benchmarks/peers/run.py --data FOLDER

Needs Swift, Python 3.11 and the fetched weights (`nefro weights fetch vgg16`); plain Python does for this file, the
peers run in an environment that it makes. FOLDER holds the report's class folders. What was measured is kept after each
round: an interrupted run goes on where it was, and a second run with --rows adds to the first. --fresh begins anew.
"""

import argparse
import os
import pathlib
import sys

import environment
import report
from bench import Bench
from progress import Progress
from rows import ROWS
from store import Store


def main():
    options = arguments()
    chosen = [row for row in ROWS if row.NAME in options.rows]
    store = Store(options.results)
    if not options.report_only:
        bench = Bench(
            options, python=environment.python(options.venv), weights=environment.weights(options.weights),
            programs=environment.programs(options.nefro, options.nefro_benchmarks))
        measure(bench, chosen, store, options.fresh)
    text = report.text([(row, store.read(row.NAME)) for row in ROWS])
    options.output.write_text(text)
    print(text)
    environment.say(f"Written: {options.output}")


def arguments():
    names = [row.NAME for row in ROWS]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="rows:\n" + "\n".join(f"  {row.NAME:9} {row.ABOUT}" for row in ROWS))
    parser.add_argument("--data", type=pathlib.Path, help="a folder with the class folders of the report's 465 slices")
    parser.add_argument("--rows", default=",".join(names), help="which, with commas; default all")
    parser.add_argument("--rounds", type=int, help="turns of each program; default 15, with --quick 3")
    parser.add_argument("--long-rounds", type=int, help="the same for rows that train; default 3, with --quick 1")
    parser.add_argument(
        "--quick", action="store_true",
        help="a first look, kept and written apart, in RESULTS/quick: few rounds, and Keras trains one epoch where "
        "five are asked for, times five")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured of the chosen rows")
    parser.add_argument("--report-only", action="store_true", help="measure nothing, write what was measured")
    parser.add_argument("--venv", type=pathlib.Path, default=environment.VENV, help="the peers' Python environment")
    parser.add_argument("--nefro", type=pathlib.Path, help="a built nefro; else it is built")
    parser.add_argument("--nefro-benchmarks", type=pathlib.Path, help="a built nefro-benchmarks; else it is built")
    parser.add_argument("--weights", type=pathlib.Path, help="vgg16.safetensors; default in Nefro's cache")
    parser.add_argument("--results", type=pathlib.Path, default=environment.BENCHMARKS / ".results",
                        help="where the measurements are kept; default Benchmarks/.results")
    parser.add_argument("--output", type=pathlib.Path, help="default docs/benchmarks.md, with --quick RESULTS/quick")
    options = parser.parse_args()
    options.rows = options.rows.split(",")
    unknown = [name for name in options.rows if name not in names]
    if unknown:
        parser.error(f"--rows: {', '.join(unknown)}: there is {', '.join(names)}")
    options.rounds = options.rounds or (3 if options.quick else 15)
    options.long_rounds = options.long_rounds or (1 if options.quick else 3)
    if min(options.rounds, options.long_rounds) < 1:
        parser.error("--rounds and --long-rounds must be at least 1")
    if options.data:
        options.data = options.data.resolve()
        if not options.data.is_dir():
            parser.error(f"--data: there is no folder {options.data}")
    options.results = options.results.resolve() / ("quick" if options.quick else "")
    usual = options.results if options.quick else environment.PROJECT / "docs"
    options.output = options.output or usual / "benchmarks.md"
    return options


def measure(bench, rows, store, fresh):
    records = {row.NAME: store.open(row.NAME, bench.fingerprint(row), fresh) for row in rows}
    wanted = {row.NAME: row.rounds(bench) for row in rows}
    progress = Progress([(row, wanted[row.NAME] - len(records[row.NAME]["rounds"])) for row in rows])
    for row in rows:
        record = records[row.NAME]
        missing = wanted[row.NAME] - len(record["rounds"])
        if missing <= 0:
            continue
        record |= bench.circumstances()
        progress.begin(row)
        # A session is what a row keeps alive between rounds, such as the programs that take turns.
        try:
            with row.session(bench, record) as session:
                for _ in range(missing):
                    with progress.round(row, len(record["rounds"]) + 1, wanted[row.NAME]):
                        record["rounds"].append(session.round(len(record["rounds"])))
                    store.write(record)
                session.finish()
            record["unmeasured"] = None
        except bench.Unmeasurable as reason:
            # A row without Nefro or without its data says so in the report; the other rows go on.
            record["unmeasured"] = str(reason)
            progress.give_up(row, reason)
        record["load"] = os.getloadavg()[0]
        store.write(record)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("interrupted; the same command goes on")
