"""Runs whole processes and tells how long they took and how much memory they held."""

import dataclasses
import os
import subprocess
import time

from contestants import Failed, reason, variables


@dataclasses.dataclass
class Run:
    seconds: float
    # In MiB, as the system counts it: mapped files included.
    peak: float
    # (seconds since the start, line), as they came on standard output and error.
    lines: list
    output: str


def run(command, log, *, cwd=None, environment=None, processors=None):
    """The peak is of the process alone, from wait4; what it starts counts only if it waited for it.

    The system also counts the memory of the process that forked it, so this one must stay small: it loads no library.
    """
    processors = processors or os.sched_getaffinity(0)
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        cwd=cwd, env=os.environ | variables(len(processors)) | (environment or {}), text=True, errors="replace",
        preexec_fn=lambda: os.sched_setaffinity(0, processors))
    lines = [(time.perf_counter() - start, line.rstrip("\n")) for line in process.stdout]
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    output = "\n".join(line for _, line in lines)
    log.write_text(output + "\n")
    if process.returncode:
        raise Failed(reason(process.returncode, log))
    return Run(seconds, usage.ru_maxrss / 1024, lines, output)
