"""AWS as moto plays it on this machine's loopback device, and the project's scripts against it."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = pathlib.Path(sys.executable).parent


class LoopbackAWS:
    """A server of moto's in a process of its own, with an account that holds nothing."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        # Nothing of the user's own account: the scripts must not be able to reach a real one from here.
        self.environment = {
            "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
            "HOME": self.home.name,
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ACCESS_KEY_ID": "loopback",
            "AWS_SECRET_ACCESS_KEY": "loopback",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NEFRO_DEPLOY_PAUSE": "1",
            "NEFRO_DEPLOY_PATIENCE": "5",
            "LC_ALL": "C.UTF-8",
        }
        self.log = open(os.path.join(self.home.name, "moto.log"), "w")
        self.process = subprocess.Popen(
            [sys.executable, PROJECT / "Tests/deployment/mended_moto.py", "-H", "127.0.0.1", "-p", str(port)],
            env={**self.environment, "AWS_ENDPOINT_URL": ""}, stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 120
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.close()
                    raise RuntimeError("moto's server did not start")
                time.sleep(0.2)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        self.home.cleanup()

    def script(self, name, *arguments, **environment):
        """Runs one of the project's scripts.

        Returns: exit code, standard output, standard error.
        """
        done = subprocess.run(
            [PROJECT / "scripts" / name, *arguments], env={**self.environment, **environment}, cwd=PROJECT,
            capture_output=True, text=True, timeout=600)
        return done.returncode, done.stdout, done.stderr

    def aws(self, *arguments):
        """Asks a service by its own API, through the AWS command line. Returns: its answer."""
        done = subprocess.run(
            [TOOLS / "aws", *arguments, "--output", "json"], env=self.environment, capture_output=True, text=True,
            timeout=120)
        if done.returncode:
            raise AWSError(done.stderr.strip())
        return json.loads(done.stdout) if done.stdout.strip() else None


class AWSError(Exception):
    """What the AWS command line said on standard error."""
