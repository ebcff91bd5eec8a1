"""Runs the lines of docs/operation.md on a server that answers: backup, loss, restore, and a token that got out.

NEFRO_BINARY names the folder of a built program, whose weights have been fetched; without it the tests are skipped.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

PROJECT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("NEFRO_BINARY")
DOCUMENT = (PROJECT / "docs/operation.md").read_text()


def section(title):
    return re.split(r"^##+ ", DOCUMENT.split(f" {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def blocks(title):
    """The lines of each block of commands below a heading."""
    return [block.strip().splitlines() for block in re.findall(r"```sh\n(.*?)```", section(title), re.DOTALL)]


@unittest.skipUnless(BINARY, "SKIPPED: NEFRO_BINARY names no folder of a built program; nothing was backed up and restored")
class OperationTests(unittest.TestCase):
    """One server on one store; a test leaves it running."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        root = pathlib.Path(folder.name)
        cls.root, cls.store, cls.copies, cls.log = root, root / "store", root / "copies", root / "server.log"
        cls.environment = {**os.environ, "PATH": f"{BINARY}{os.pathsep}{os.environ['PATH']}", "NEFRO_STORE": str(cls.store)}
        cls.server = None
        cls.addClassCleanup(lambda: cls.server and cls.end(signal.SIGKILL))
        cls.nefro("synthesize", "--out", str(root / "hospital"), "--patients", "2", "--slices", "3-3", "--size", "256", "--seed", "1")
        cls.pictures = [path.read_bytes() for path in sorted((root / "hospital").glob("*/*.jpg"))]
        (root / "config").mkdir()
        for name in ("params.yaml", "config/config.yaml"):
            (root / name).write_bytes((PROJECT / name).read_bytes())
        cls.nefro("models", "register", "kidney-two-class", "--name", "kidney")
        cls.token = cls.nefro("tokens", "create", "administrator", "--role", "administrator").strip()
        cls.start()

    @classmethod
    def nefro(cls, *arguments):
        done = subprocess.run(
            ["nefro", *arguments], env=cls.environment, cwd=cls.root, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise AssertionError(f"nefro {arguments}: {done.stderr}")
        return done.stdout

    @classmethod
    def start(cls):
        with open(cls.log, "a") as log:
            cls.server = subprocess.Popen(
                ["nefro", "serve", "--port", "0"], env=cls.environment, cwd=cls.store, stdout=subprocess.PIPE, stderr=log, text=True)
        # Nothing else is said on standard output, since the store has a token.
        said = cls.server.stdout.readline()
        cls.address = re.search(r"http://\S+:[0-9]+", said).group()

    @classmethod
    def end(cls, number):
        cls.server.send_signal(number)
        cls.server.wait(timeout=120)
        cls.server.stdout.close()
        cls.server = None

    def ask(self, path, body=None, token=None):
        headers = {"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/octet-stream"}
        request = urllib.request.Request(self.address + path, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def predict(self, number):
        status, text = self.ask("/api/v1/predictions", self.pictures[number % len(self.pictures)])
        self.assertEqual(status, 201, text)
        return json.loads(text)["predictions"][0]["id"]

    def follow(self, line):
        """Runs a line of the document, with this test's folders, as the user that it is."""
        if line == "sudo systemctl stop nefro":
            return self.end(signal.SIGTERM) if self.server else None
        if line == "sudo systemctl start nefro":
            return self.start()
        own = re.sub(r"^sudo (-u nefro )?", "", line).replace("-o nefro -g nefro ", "")
        own = own.replace("/var/backups/nefro", shlex.quote(str(self.copies))).replace("/var/lib/nefro", shlex.quote(str(self.store)))
        done = subprocess.run(["bash", "-c", own], env=self.environment, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stderr}")
        if "audit-log" in line:
            self.seals.append(re.search(r"the last seal is ([0-9a-f]{64})", done.stdout + done.stderr).group(1))

    def test_0_every_line_of_the_document_is_followed_or_run_by_others(self):
        followed = [line for title in ("Backup and restore", "A token got out") for block in blocks(title) for line in block]
        lines = [line for block in re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL) for line in block.strip().splitlines()]
        # An upgrade installs a package, Tests/deployment/clean-root; the line behind it is run by Tests/IntegrationTests/Documents.
        self.assertEqual([line for line in lines if line not in followed],
                         ["sudo apt-get install ./dist/nefro_0.2.0_amd64.deb", "curl http://127.0.0.1:8080/readyz"])

    def test_1_a_backup_of_a_busy_server_brings_back_what_was_answered_before_it(self):
        backup, restore = blocks("Backup and restore")
        self.seals = []
        before = {one: self.ask(f"/api/v1/predictions/{one}") for one in [self.predict(number) for number in range(3)]}
        self.assertEqual({status for status, _ in before.values()}, {200})
        with concurrent.futures.ThreadPoolExecutor() as threads:
            answers = [threads.submit(self.predict, number) for number in range(8)]
            for line in backup:
                self.follow(line)
            for answer in answers:
                answer.result()
        after = self.predict(0)
        models = self.nefro("models", "list")
        self.assertIn("kidney:1", models)

        self.end(signal.SIGKILL)
        (self.store / "serving.sqlite").write_bytes(b"a disk that went bad" * 4096)
        (self.store / "runs.sqlite").unlink()
        for file in (self.store / "objects").rglob("*"):
            if file.is_file():
                file.unlink()
        for line in restore:
            self.follow(line)

        self.assertEqual({one: self.ask(f"/api/v1/predictions/{one}") for one in before}, before)
        self.assertEqual(self.ask(f"/api/v1/predictions/{after}")[0], 404)
        self.assertEqual(len(self.seals), 2)
        self.assertEqual(self.seals[0], self.seals[1])
        self.assertEqual(self.nefro("models", "list"), models)
        self.predict(1)

    def test_2_a_token_that_got_out_ends_at_once(self):
        self.seals = []
        token = self.nefro("tokens", "create", "reading room", "--role", "reader").strip()
        self.assertEqual(self.ask("/api/v1/models", token=token)[0], 200)
        for line in blocks("A token got out")[0]:
            self.follow(line)
        self.assertEqual(self.ask("/api/v1/models", token=token)[0], 401)
        trail = [json.loads(line)["action"] for line in (self.store / "audit.jsonl").read_text().splitlines()]
        self.assertEqual(trail[-1], "token.revoked")

    def test_5_every_entry_of_the_audit_trail_is_told(self):
        source = (PROJECT / "Sources/Serving/Records/AuditEntry.swift").read_text()
        actions = set(re.findall(r'case \w+ = "([a-z._]+)"', source))
        self.assertGreater(len(actions), 15)
        told = (PROJECT / "docs/security.md").read_text().split("| entry | when |")[1].split("\n\n")[0]
        self.assertEqual(set(re.findall(r"`([a-z._]+)`", told)), actions)

    def test_3_every_measurement_of_the_document_is_there(self):
        names = re.findall(r"`((?:nefro|process)_[a-z_]+)`", section("Monitoring"))
        self.assertGreater(len(names), 7)
        status, text = self.ask("/metrics")
        self.assertEqual(status, 200)
        self.assertEqual([name for name in names if f"# TYPE {name} " not in text], [])

    def test_4_a_line_of_the_log_has_the_fields_of_the_document(self):
        self.predict(0)
        fields = set(re.findall(r"`([a-z]+)`", section("Errors").split(", all as texts")[0]))
        deadline = time.monotonic() + 60
        while True:
            lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
            requests = [line for line in lines if line["message"] == "request" and line["status"] == "201"]
            if requests or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        self.assertLessEqual(fields, set(requests[-1]))
        self.assertTrue(all(isinstance(value, str) for value in requests[-1].values()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
