"""What all rows share: options, programs, where and when it is measured."""

import datetime
import hashlib
import os
import pathlib
import platform
import subprocess

import environment


class Unmeasurable(Exception):
    """Why a row cannot be measured at all."""


class Bench:
    Unmeasurable = Unmeasurable

    def __init__(self, options, python, weights, programs):
        self.options = options
        self.python = python
        self.weights = weights
        self.nefro = programs["nefro"]
        self.nefro_benchmarks = programs["nefro-benchmarks"]
        self.processors = sorted(os.sched_getaffinity(0))
        self.work = options.results / "work"
        self.work.mkdir(parents=True, exist_ok=True)
        self._digests = {}

    @property
    def data(self):
        if not self.options.data:
            raise Unmeasurable("it needs the report's slices: give --data FOLDER")
        return self.options.data

    def program(self, name):
        """A file of the folder programs, to be run with the peers' Python."""
        return [self.python, environment.HERE / "programs" / name]

    def fingerprint(self, row):
        """Rounds may be put together only if all this is the same."""
        return {
            "programs": [self._digest(self.nefro), self._digest(self.nefro_benchmarks)],
            "peers": hashlib.sha256(self._scripts()).hexdigest(),
            "processor": processor(), "processors": len(self.processors),
            "quick": self.options.quick,
        }

    def circumstances(self):
        told = subprocess.run([self.nefro, "--version"], capture_output=True, text=True)
        return {
            "nefro": told.stdout.strip() or "unknown version",
            "date": datetime.date.today().isoformat(), "commit": commit(), "processor": processor(),
            "processors": len(self.processors), "system": f"{platform.system()} {platform.release()}",
            "python": subprocess.run(
                [self.python, "-c", "import platform; print(platform.python_version())"],
                check=True, capture_output=True, text=True).stdout.strip(),
            "data": bool(self.options.data),
        }

    def _digest(self, path):
        if path not in self._digests:
            with open(path, "rb") as file:
                self._digests[path] = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        return self._digests[path]

    def _scripts(self):
        files = sorted((environment.HERE / "programs").glob("*.py"))
        return b"".join(file.read_bytes() for file in [*files, environment.REQUIREMENTS, environment.TORCH])


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def commit():
    def git(*arguments):
        command = ["git", "-C", environment.PROJECT, *arguments]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")
