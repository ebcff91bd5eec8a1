#!/usr/bin/env python3
"""Measures `nefro serve` on the loopback device, and writes docs/serving-benchmarks.md.

    python3 Benchmarks/serving/run.py --nefro .build/release/nefro --picture SLICE [--check]

Needs hey (Debian's package of that name) and a quiet machine for four minutes. Clients and server share the
processors, as they do where one machine does everything.
"""

import argparse
import asyncio
import csv
import datetime
import json
import os
import pathlib
import platform
import re
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request

import open_loop

PROJECT = pathlib.Path(__file__).resolve().parents[2]
MOST_MEMORY = 400
# A percentile is told where at least two values lie above it.
FEWEST = {0.99: 200}
# Requests of each row: enough for the 99th percentile, and several for every client.
REQUESTS = {1: 200, 8: 208, 64: 256}
# A machine's pace changes within a minute: the crowd is held against a capacity measured just before it, so often.
ROUNDS = 5


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as folder, Server(options, folder) as server:
        server.ask(options.picture, clients=1, requests=20)  # nothing is measured while caches fill
        rows = {n: server.ask(options.picture, clients=n, requests=count) for n, count in REQUESTS.items()}
        best = max(row["per_second"] for row in rows.values())
        result = {"rows": rows, "best": best, "memory": server.peak_memory()}
        result["crowds"] = [server.crowd(options) for _ in range(ROUNDS)]
        result["crowd_memory"] = server.peak_memory()
        result["loop"] = server.ask(options.picture, clients=options.flood, seconds=options.seconds)
        result["loop"]["memory"] = server.peak_memory()
        result["after"] = server.ask(options.picture, clients=1, requests=20)
        result["refusal"] = server.cost_of_refusal(options.picture)
        targets = judge(result)
        text = report(options, server, result, targets)
    options.output.write_text(text)
    print(text)
    missed = [name for name, kept in targets if not kept]
    if options.check and missed:
        raise SystemExit("missed: " + "; ".join(missed))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--nefro", type=pathlib.Path, default=PROJECT / ".build/release/nefro", help="the built program")
    parser.add_argument("--picture", type=pathlib.Path, required=True, help="a slice, JPEG or PNG")
    parser.add_argument("--flood", type=int, default=640, help="clients that ask again at once, whatever they are told")
    parser.add_argument("--seconds", type=int, default=10, help="how long each flood lasts")
    parser.add_argument("--check", action="store_true", help="end with code 1 if a target is missed")
    parser.add_argument("--output", type=pathlib.Path, default=PROJECT / "docs/serving-benchmarks.md")
    return parser.parse_args()


def judge(result):
    """The issue's targets, each with whether it is met."""
    rows, crowds = result["rows"], result["crowds"]
    return [
        ("one client: p50 at most 90 ms", rows[1]["p50"] <= 0.090),
        ("8 clients: at least 12 a second", rows[8]["per_second"] >= 12),
        (f"1, 8 and 64 clients: at most {MOST_MEMORY} MiB", result["memory"] <= MOST_MEMORY),
        ("ten times the capacity: at least 90 % of the best served", median(crowds, "share") >= 0.9),
        ("ten times the capacity: half of the refusals within 50 ms", all((crowd["refusal"] or 0) <= 0.050 for crowd in crowds)),
        ("ten times the capacity: every request answered", all(crowd["failed"] == 0 for crowd in crowds)),
        (f"ten times the capacity: at most {MOST_MEMORY} MiB", result["crowd_memory"] <= MOST_MEMORY),
    ]


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

    def ask(self, picture, clients, requests=None, seconds=None, only_refused=False):
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
        if bool(answered) == only_refused or len(answered) + len(refused) != len(rows):
            raise SystemExit(f"error: {len(rows)} requests, of which 201: {len(answered)}, 503: {len(refused)}")
        return {
            "answered": len(answered), "refused": len(refused), "per_second": len(answered) / lasted,
            "p50": quantile(answered, 0.5), "p99": quantile(answered, 0.99), "refusal": quantile(refused, 0.5),
            "refusals_per_second": len(refused) / lasted,
        }

    def request(self, picture, head_only=False):
        """A whole request as bytes, on a connection that stays."""
        body = picture.read_bytes()
        kind = "image/png" if picture.suffix.lower() == ".png" else "image/jpeg"
        head = (
            f"POST /api/v1/predictions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        return head if head_only else head + body

    def place(self):
        host, port = re.search(r"//([^:/]+):(\d+)", self.address).groups()
        return host, int(port)

    def crowd(self, options):
        """The capacity, which is what 64 clients get, and at once ten times as much, asked for evenly."""
        capacity = self.ask(options.picture, clients=64, requests=REQUESTS[64])["per_second"]
        crowd = self.offer(options.picture, rate=10 * capacity, seconds=options.seconds)
        return {**crowd, "capacity": capacity, "share": crowd["per_second"] / capacity}

    def offer(self, picture, rate, seconds):
        """Asks at a fixed rate. What is served in that time counts, not what is answered when it is over."""
        host, port = self.place()
        answers = asyncio.run(open_loop.offer(host, port, self.request(picture), rate, seconds))
        answered, refused = answers.of(201), answers.of(503)
        return {
            "rate": rate, "answered": len(answered), "refused": len(refused), "failed": answers.failed,
            "per_second": len(answered) / answers.lasted, "p50": quantile(answered, 0.5),
            "refusal": quantile(refused, 0.5), "refusal99": quantile(refused, 0.99),
        }

    def cost_of_refusal(self, picture, count=4000):
        """Processor time of one refusal, in microseconds: all places are held by requests that send no body, so that
        the server does nothing else."""
        host, port = self.place()
        holders = []
        for _ in range(64):
            holder = socket.create_connection((host, port))
            holder.sendall(self.request(picture, head_only=True))
            holders.append(holder)
        time.sleep(1)
        before = self.processor_seconds()
        row = self.ask(picture, clients=16, requests=count, only_refused=True)
        cost = (self.processor_seconds() - before) / count
        for holder in holders:
            holder.close()
        return {"microseconds": 1e6 * cost, "p50": row["refusal"], "per_second": row["refusals_per_second"]}

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_memory(self):
        """MiB, mapped files included."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def models(self):
        request = urllib.request.Request(
            f"{self.address}/api/v1/models", headers={"Authorization": f"Bearer {self.token}"})
        return json.load(urllib.request.urlopen(request))["serving"]


def quantile(values, share):
    """Nil where there are too few values for it."""
    if len(values) < FEWEST.get(share, 1):
        return None
    return values[min(len(values) - 1, int(share * len(values)))]


def median(rows, name):
    return statistics.median(row[name] for row in rows)


def milliseconds(value):
    return "too few" if value is None else f"{1000 * value:.0f}" if value >= 0.01 else f"{1000 * value:.1f}"


def report(options, server, result, targets):
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
        f"`POST /api/v1/predictions` with one slice of {options.picture.stat().st_size // 1024} KiB as it is, on the "
        "loopback device. Results and audit trail are on the disk before each answer.", "",
        "Clients of hey, each of which asks again as soon as it is answered:", "",
        "| clients | answered | a second | p50, ms | p99, ms |", "|---|---|---|---|---|",
    ]
    for clients, row in result["rows"].items():
        lines.append(
            f"| {clients} | {row['answered']} | {row['per_second']:.1f} | {milliseconds(row['p50'])} | "
            f"{milliseconds(row['p99'])} |")
    crowds, loop, refusal, best = result["crowds"], result["loop"], result["refusal"], result["best"]
    lines += [
        "", f"Peak memory after these: {result['memory']:.0f} MiB.", "",
        "## More than can be answered", "",
        f"**Ten times the capacity**, {len(crowds)} times: what 64 clients get, and at once ten times as many requests a "
        f"second for {options.seconds} s, sent evenly, whatever comes back. What is answered until the last answer counts.",
        "",
        "| capacity, a second | asked for | answered | share of the capacity | refused with 503 | half within, ms | "
        "99 % within, ms | no answer |", "|---|---|---|---|---|---|---|---|",
    ]
    for crowd in crowds:
        lines.append(
            f"| {crowd['capacity']:.1f} | {crowd['rate']:.0f} | {crowd['per_second']:.1f} | {crowd['share']:.0%} | "
            f"{crowd['refused']} | {milliseconds(crowd['refusal'])} | {milliseconds(crowd['refusal99'])} | {crowd['failed']} |")
    shares = [crowd["share"] for crowd in crowds]
    lines += [
        "", f"The share's median is {statistics.median(shares):.0%} ({min(shares):.0%} to {max(shares):.0%}), no interval: "
        f"{len(crowds)} rounds on one machine. Peak memory {result['crowd_memory']:.0f} MiB.", "",
        f"**A closed loop**: {options.flood} clients for {options.seconds} s that ask again at once when they are "
        f"refused, so that the faster refusals are, the more come. {loop['per_second']:.1f} a second were answered, "
        f"{loop['per_second'] / best:.0%} of the best above; {loop['refused']} were refused "
        f"({loop['refusals_per_second']:.0f} a second), half of them within {milliseconds(loop['refusal'])} ms. Peak "
        f"memory {loop['memory']:.0f} MiB. The clients take their share of the processors.", "",
        f"One client afterwards: p50 {milliseconds(result['after']['p50'])} ms. Where nothing else runs, a refusal "
        f"takes {refusal['microseconds']:.0f} us of the server's processor time, with the body's way out of the kernel, and "
        f"16 clients get {refusal['per_second']:.0f} of them a second.", "",
        "## Targets", "", "| target | met |", "|---|---|",
    ]
    lines += [f"| {name} | {'yes' if kept else '**no**'} |" for name, kept in targets]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
