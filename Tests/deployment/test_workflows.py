"""The shell steps of the workflows, as GitHub would type them; each is run here or says why it is not."""

import hashlib
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

from loopback_aws import PROJECT, LoopbackAWS

# What stands in a step, and why the step is not run here.
ELSEWHERE = {
    "docker ": "needs a container engine",
    "scripts/try-container": "needs a container engine",
    "scripts/scan-container": "needs a container engine",
    "gh release": "needs an account of GitHub's",
    "apt-get install": "changes the machine; scripts/setup.sh installs the same, and Tests/deployment/clean-readme runs that",
    "pip install": "scripts/test has run it: these tests stand on what it installs",
    "scripts/lint": "scripts/test runs it behind these tests",
    "scripts/test": "is what runs these tests",
    "scripts/package": "is run by Tests/deployment/test_release.py",
    "swift build": "takes half an hour; its result was looked at once, see docs/deployment.md",
}


def steps():
    """Every step that has commands, by its workflow's file and its name."""
    for file in sorted((PROJECT / ".github/workflows").glob("*.yml")):
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            for step in job.get("steps", []):
                if "run" in step:
                    yield (file.name, step["name"]), step["run"]


class WorkflowTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_step(self, file, name, **environment):
        """Types a step's commands in a folder of their own, with the shell that GitHub takes where none is named."""
        commands = dict(steps())[(file, name)]
        base = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            ["bash", "-e", "-c", commands], cwd=self.folder, env={**base, **environment}, capture_output=True, text=True)

    def test_a_checkout_of_another_user_can_be_read(self):
        for file in ("build.yml", "release.yml", "test.yml"):
            done = self.run_step(
                file, "Let git read a checkout that another user owns", GITHUB_WORKSPACE="/workspace/nefro",
                GIT_CONFIG_NOSYSTEM="1")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            (self.folder / ".gitconfig").read_text().count("directory = /workspace/nefro"), 3)

    @unittest.skipUnless("NEFRO_BINARY" in os.environ, "SKIPPED, NEFRO_BINARY names no built program")
    def test_the_built_program_runs(self):
        (self.folder / ".build").mkdir()
        (self.folder / ".build/release").symlink_to(os.environ["NEFRO_BINARY"])
        done = self.run_step("build.yml", "It runs")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^nefro \d")

    def test_a_tag_must_be_the_programs_version(self):
        source = "Sources/BuildInformation/BuildInformation.swift"
        (self.folder / source).parent.mkdir(parents=True)
        text = (PROJECT / source).read_text()
        (self.folder / source).write_text(text)
        version = re.search(r'version: "([0-9.]+)"', text).group(1)
        name = "The tag is the version that the program tells"
        self.assertEqual(self.run_step("release.yml", name, GITHUB_REF_NAME=f"v{version}").returncode, 0)
        refused = self.run_step("release.yml", name, GITHUB_REF_NAME="v99.0.0")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("another version than the tag v99.0.0", refused.stderr)

    def test_a_release_has_one_list_of_digests(self):
        for processor in ("amd64", "arm64"):
            folder = self.folder / f"dist/nefro-{processor}"
            folder.mkdir(parents=True)
            content = f"packed for {processor}".encode()
            (folder / f"nefro_{processor}.deb").write_bytes(content)
            (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(content).hexdigest()}  nefro_{processor}.deb\n")
        name = "One list of digests"
        done = self.run_step("release.yml", name)
        self.assertEqual(done.returncode, 0, done.stderr)
        release = self.folder / "release"
        self.assertEqual(
            sorted(path.name for path in release.iterdir()), ["SHA256SUMS", "nefro_amd64.deb", "nefro_arm64.deb"])
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=release, check=True)

        subprocess.run(["rm", "-r", release], check=True)
        (self.folder / "dist/nefro-arm64/nefro_arm64.deb").write_bytes(b"something else")
        self.assertNotEqual(self.run_step("release.yml", name).returncode, 0)

    def test_models_of_a_release_go_to_their_bucket(self):
        (self.folder / "Models").symlink_to(PROJECT / "Models")
        aws = LoopbackAWS()
        self.addCleanup(aws.close)
        subprocess.run(["aws", "s3", "mb", "s3://models"], env=aws.environment, check=True, capture_output=True)
        done = self.run_step(
            "release.yml", "Models of this release", **aws.environment, BUCKET="models", GITHUB_REF_NAME="v1.2.3")
        self.assertEqual(done.returncode, 0, done.stderr)
        listed = subprocess.run(
            ["aws", "s3", "ls", "s3://models/releases/v1.2.3/"], env=aws.environment, check=True, capture_output=True,
            text=True).stdout
        shipped = [path.name for path in (PROJECT / "Models").iterdir() if path.suffix in (".safetensors", ".md")]
        self.assertEqual(sorted(line.split()[-1] for line in listed.splitlines()), sorted(shipped))

    def test_a_deployment_takes_a_tag_or_the_way_back_and_nothing_else(self):
        (self.folder / "scripts").mkdir()
        for script in ("deploy", "rollback"):
            path = self.folder / "scripts" / script
            path.write_text(f'#!/bin/sh\necho {script} "$@"\n')
            path.chmod(0o755)
        name = "The version is tried, takes the place of the one that serves, and is found ready"
        for what, said in (("v1.2.3", "deploy version v1.2.3\n"), ("rollback", "rollback\n")):
            done = self.run_step("deploy.yml", name, WHAT=what)
            self.assertEqual((done.returncode, done.stdout), (0, said))
        for what in ("", "1.2.3", "main", "v1.2.3; rollback", "v1.2.3\nv1.2.4", "$(rollback)"):
            done = self.run_step("deploy.yml", name, WHAT=what)
            self.assertEqual((done.returncode, done.stdout), (1, ""), what)
            self.assertIn("is no version's tag", done.stderr)

    def test_every_step_is_run_here_or_says_why_not(self):
        here = pathlib.Path(__file__).read_text()
        left = {place: text for place, text in steps() if f'"{place[1]}"' not in here}
        self.assertEqual([place for place, text in left.items() if not any(part in text for part in ELSEWHERE)], [])
        unneeded = [part for part in ELSEWHERE if not any(part in text for text in left.values())]
        self.assertEqual(unneeded, [])


if __name__ == "__main__":
    unittest.main()
