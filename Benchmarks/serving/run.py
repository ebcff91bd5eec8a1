#!/usr/bin/env python3
"""Measures `nefro serve` on the loopback device, and writes docs/serving-benchmarks.md.

    python3 Benchmarks/serving/run.py --nefro .build/release/nefro --picture SLICE

Needs hey (Debian's package of that name) and a quiet machine for some minutes. Clients and server share the
processors, as they do where one machine does everything.
"""

import argparse
import csv
import datetime
import json
import os
import pathlib
import platform
import re
import signal
import subprocess
import tempfile
import time
import urllib.request

PROJECT = pathlib.Path(__file__).resolve().parents[2]
TARGETS = {1: "p50 at most 90 ms", 8: "at least 12 a second", 64: ""}
MOST_MEMORY = 400


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as folder, Server(options, folder) as server:
        server.ask(options.picture, clients=1, requests=20)  # nothing is measured while caches fill
        rows = [(n, server.ask(options.picture, clients=n, requests=max(60, 3 * n))) for n in (1, 8, 64)]
        memory = server.peak_memory()
        best = max(row["per_second"] for _, row in rows)
        flood = server.ask(options.picture, clients=options.flood, seconds=options.seconds)
        after = server.ask(options.picture, clients=1, requests=20)
        text = report(options, server, rows, memory, best, flood, after, server.peak_memory())
    options.output.write_text(text)
    print(text)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nefro", type=pathlib.Path, default=PROJECT / ".build/release/nefro", help="the built program")
    parser.add_argument("--picture", type=pathlib.Path, required=True, help="a slice, JPEG or PNG")
    parser.add_argument("--flood", type=int, default=640, help="clients that ask more than can be answered")
    parser.add_argument("--seconds", type=int, default=10, help="how long they ask")
    parser.add_argument("--output", type=pathlib.Path, default=PROJECT / "docs/serving-benchmarks.md")
    return parser.parse_args()


class Server:
    """A server of its own in an empty folder, on a free port, with a reader's token."""

    def __init__(self, options, folder):
        self.nefro, self.folder = options.nefro.resolve(), folder

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.nefro, "serve", "--port", "0"], cwd=self.folder, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        for line in self.process.stdout:
            found = re.search(r"answers on (http://[^ ]+?)\.? ", line + " ")
            if found:
                self.address = found[1]
                break
        else:
            raise SystemExit("error: nefro serve ended before it took connections")
        made = subprocess.run(
            [self.nefro, "tokens", "create", "benchmark", "--role", "reader"], cwd=self.folder, text=True,
            capture_output=True, check=True)
        self.token = re.search(r"nefro_[0-9a-f]{8}_[0-9a-f]{64}", made.stdout)[0]
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(90)

    def ask(self, picture, clients, requests=None, seconds=None):
        """Asks for answers; every line that hey writes is one request's seconds and status."""
        amount = ["-n", str(requests)] if requests else ["-z", f"{seconds}s"]
        kind = "image/png" if picture.suffix.lower() == ".png" else "image/jpeg"
        begun = time.monotonic()
        done = subprocess.run(
            ["hey", *amount, "-c", str(clients), "-t", "120", "-o", "csv", "-m", "POST", "-T", kind, "-D", picture,
             "-H", f"Authorization: Bearer {self.token}", f"{self.address}/api/v1/predictions"],
            text=True, capture_output=True, check=True)
        lasted = time.monotonic() - begun
        rows = list(csv.DictReader(done.stdout.splitlines()))
        answered = sorted(float(row["response-time"]) for row in rows if row["status-code"] == "201")
        refused = sorted(float(row["response-time"]) for row in rows if row["status-code"] == "503")
        if not answered or len(answered) + len(refused) != len(rows):
            raise SystemExit(f"error: {len(rows)} requests, of which 201: {len(answered)}, 503: {len(refused)}")
        return {
            "answered": len(answered), "refused": len(refused), "per_second": len(answered) / lasted,
            "p50": quantile(answered, 0.5), "p99": quantile(answered, 0.99),
            "refusal": quantile(refused, 0.5) if refused else None,
        }

    def peak_memory(self):
        """MiB, mapped files included."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def models(self):
        request = urllib.request.Request(
            f"{self.address}/api/v1/models", headers={"Authorization": f"Bearer {self.token}"})
        return json.load(urllib.request.urlopen(request))["serving"]


def quantile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


def report(options, server, rows, memory, best, flood, after, most):
    version = subprocess.run([options.nefro, "--version"], text=True, capture_output=True).stdout.strip()
    model = server.models()
    processor = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    lines = [
        "# Benchmarks of the server", "",
        "Written by `python3 Benchmarks/serving/run.py`. Do not edit.", "",
        f"- Date: {datetime.date.today()}",
        f"- Processor: {processor[1] if processor else platform.machine()}, {len(os.sched_getaffinity(0))} usable, "
        "shared with the clients",
        f"- {version}, model {model['name']}", "",
        f"`POST /api/v1/predictions` with one slice of {options.picture.stat().st_size // 1024} KiB as it is, by hey on the "
        "loopback device. Results and audit trail are on the disk before each answer.", "",
        "| clients | answered | a second | p50, ms | p99, ms | target |", "|---|---|---|---|---|---|",
    ]
    for clients, row in rows:
        lines.append(
            f"| {clients} | {row['answered']} | {row['per_second']:.1f} | {1000 * row['p50']:.0f} | {1000 * row['p99']:.0f} | {TARGETS[clients]} |")
    lines += [
        "", f"Peak memory after these: {memory:.0f} MiB (target: at most {MOST_MEMORY}).", "",
        f"{options.flood} clients for {options.seconds} s: {flood['per_second']:.1f} answered a second, "
        f"{flood['per_second'] / best:.0%} of the best above (target: at least 90 %); {flood['refused']} refused with 503, "
        + (f"half of them within {1000 * flood['refusal']:.0f} ms" if flood["refused"] else "none of them late")
        + f"; peak memory {most:.0f} MiB. One client afterwards: p50 {1000 * after['p50']:.0f} ms.", "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
