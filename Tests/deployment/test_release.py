"""Makes a release of a built program, twice, and looks at what is in it.

NEFRO_BINARY names the folder of the program; without it nothing is built here and the tests are skipped. NEFRO_CHECKOUTS and
NEFRO_RESOLVED name the packages' sources and Package.resolved, unless they are the checkout's own.
"""

import gzip
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("NEFRO_BINARY")


@unittest.skipUnless(BINARY, "SKIPPED: NEFRO_BINARY names no folder of a built program; no release was made")
class ReleaseTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.outs = [pathlib.Path(cls.folder.name) / name for name in ("first", "second")]
        told = subprocess.run(["git", "-C", PROJECT, "log", "-1", "--format=%ct"], capture_output=True, text=True)
        # Outside of a checkout there is no commit whose time could be taken.
        moment = {} if told.returncode == 0 else {"SOURCE_DATE_EPOCH": "1750000000"}
        for out in cls.outs:
            # Another zone and another mask of rights must not show.
            done = subprocess.run(
                [PROJECT / "scripts/package", "--binary", BINARY, "--out", out, "--allow-dynamic",
                 "--checkouts", os.environ.get("NEFRO_CHECKOUTS", PROJECT / ".build/checkouts"),
                 "--resolved", os.environ.get("NEFRO_RESOLVED", PROJECT / "Package.resolved")],
                env={**os.environ, **moment, "TZ": "Asia/Tokyo" if out.name == "second" else "UTC"},
                capture_output=True, text=True, umask=0o077 if out.name == "second" else 0o022)
            if done.returncode:
                raise AssertionError(done.stderr)
        cls.root = pathlib.Path(cls.folder.name) / "root"
        subprocess.run(["dpkg-deb", "--raw-extract", next(cls.outs[0].glob("*.deb")), cls.root], check=True)

    def commands(self):
        """The program's commands, as its help lists them."""
        said = subprocess.run([self.root / "usr/bin/nefro", "--help"], capture_output=True, text=True, check=True).stdout
        commands = re.findall(r"^  ([a-z-]+)  ", said.split("SUBCOMMANDS:")[1], re.MULTILINE)
        self.assertGreater(len(commands), 15)
        return commands

    def test_the_same_sources_give_the_same_bytes(self):
        first, second = ((out / "SHA256SUMS").read_text() for out in self.outs)
        self.assertEqual(first, second)
        self.assertEqual(len(first.splitlines()), 3)

    def test_every_command_has_a_man_page_without_a_flaw(self):
        commands = self.commands()
        pages = {page.name for page in (self.root / "usr/share/man/man1").iterdir()}
        self.assertEqual(pages, {"nefro.1.gz"} | {f"nefro-{command}.1.gz" for command in commands})
        for page in pages:
            # What man itself calls; some small systems have a man that only says that there are no manuals.
            done = subprocess.run(
                ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-P-cbou"], capture_output=True,
                input=gzip.decompress((self.root / "usr/share/man/man1" / page).read_bytes()))
            self.assertEqual((done.returncode, done.stderr.decode()), (0, ""), page)
            self.assertIn("SYNOPSIS", done.stdout.decode())
            if page == "nefro.1.gz":
                self.assertRegex(done.stdout.decode(), r"(?s)ENVIRONMENT\n.*NEFRO_MODEL\n.*NEFRO_STORE\n")

    def test_completions_are_of_their_shells(self):
        for shell, file, mark in (
                ("bash", "bash-completion/completions/nefro", "complete -o"),
                ("zsh", "zsh/vendor-completions/_nefro", "#compdef nefro"),
                ("fish", "fish/vendor_completions.d/nefro.fish", "complete -c 'nefro'")):
            text = (self.root / "usr/share" / file).read_text()
            self.assertIn(mark, text)
            self.assertEqual([command for command in self.commands() if command not in text], [], shell)
            if shell == "bash":
                # As a shell does it when Tab is pressed; "-o default" completes files where the function knows nothing.
                typed = (
                    'source "$1"; complete -p nefro; COMP_WORDS=(nefro tokens cr); COMP_CWORD=2; COMP_LINE="nefro tokens cr";'
                    'COMP_POINT=15; _nefro nefro cr tokens; echo "${COMPREPLY[@]}"')
                done = subprocess.run(
                    ["bash", "-c", typed, "bash", self.root / "usr/share" / file], capture_output=True, text=True, check=True,
                    env={**os.environ, "PATH": f"{self.root / 'usr/bin'}{os.pathsep}{os.environ['PATH']}"})
                self.assertEqual(done.stdout.splitlines(), ["complete -o default -o filenames -F _nefro nefro", "create"])
                self.assertEqual(done.stderr, "")

    def test_the_bill_names_every_pinned_package_with_a_licence_and_each_model_by_digest(self):
        bill = json.loads((self.root / "usr/share/doc/nefro/sbom.cdx.json").read_text())
        self.assertEqual((bill["bomFormat"], bill["specVersion"]), ("CycloneDX", "1.6"))
        resolved = pathlib.Path(os.environ.get("NEFRO_RESOLVED", PROJECT / "Package.resolved"))
        pinned = {pin["identity"] for pin in json.loads(resolved.read_text())["pins"]}
        swift = [one for one in bill["components"] if one.get("purl", "").startswith("pkg:swift/")]
        self.assertEqual({one["name"] for one in swift}, pinned | {"swift"})
        self.assertTrue(all(one["licenses"][0]["expression"] for one in swift))
        debian = {one["name"] for one in bill["components"] if one.get("purl", "").startswith("pkg:deb/")}
        self.assertLessEqual({"libturbojpeg0", "libpng16-16", "libarchive13", "libsqlite3-0"}, debian)
        models = [one for one in bill["components"] if one["type"] == "machine-learning-model"]
        self.assertEqual({one["name"] for one in models}, {"kidney-two-class", "kidney-four-class"})
        references = [one["bom-ref"] for one in bill["components"]]
        self.assertEqual(len(references), len(set(references)))

    def test_every_library_has_its_licence_beside_it(self):
        licences = {file.name.split("-LICENSE")[0].lower() for file in (self.root / "usr/share/doc/nefro/licences").iterdir()}
        resolved = pathlib.Path(os.environ.get("NEFRO_RESOLVED", PROJECT / "Package.resolved"))
        names = {
            re.sub(r"\.git$", "", pin["location"]).split("/")[-1].lower() for pin in json.loads(resolved.read_text())["pins"]}
        self.assertLessEqual(names, licences)

    def test_links_between_its_documents_lead_somewhere(self):
        folder = self.root / "usr/share/doc/nefro"
        documents = sorted(folder.rglob("*.md"))
        self.assertLessEqual(
            {"README.md", "README.es.md", "docs/operation.md", "docs/es/uso.md"},
            {str(document.relative_to(folder)) for document in documents})
        links = [
            (document, link.split("#")[0]) for document in documents
            for link in re.findall(r"\]\(([^)\n]+)\)", document.read_text()) if "://" not in link and not link.startswith("#")]
        self.assertGreater(len(links), 30)
        self.assertEqual([(str(document), link) for document, link in links if not (document.parent / link).exists()], [])
        unit = (self.root / "lib/systemd/system/nefro.service").read_text()
        for page in re.search(r"^Documentation=(.*)$", unit, re.MULTILINE).group(1).split():
            if page.startswith("file://"):
                self.assertTrue((self.root / page.removeprefix("file:///")).exists(), page)

    def test_a_project_can_begin_with_what_is_in_it(self):
        folder = self.root / "usr/share/doc/nefro"
        for file in ("params.yaml", "config/config.yaml", "config/promotion.yaml"):
            self.assertEqual((folder / file).read_bytes(), (PROJECT / file).read_bytes())

    def test_nothing_in_it_belongs_to_somebody_or_can_be_written_by_all(self):
        listing = subprocess.run(
            ["dpkg-deb", "--contents", next(self.outs[0].glob("*.deb"))], capture_output=True, text=True, check=True).stdout
        for line in listing.splitlines():
            rights, owner = line.split()[:2]
            self.assertEqual(owner, "root/root", line)
            self.assertEqual(rights[8], "-", line)
            self.assertEqual(rights[7], "r", line)

    def test_it_names_the_packages_that_it_needs_and_hdf5_is_not_one(self):
        control = (self.root / "DEBIAN/control").read_text()
        depends = re.search(r"^Depends: (.*)$", control, re.MULTILINE).group(1)
        for package in ("libturbojpeg0", "libpng16-16", "libarchive13", "libsqlite3-0", "libc6", "ca-certificates", "adduser"):
            self.assertIn(package, depends)
        self.assertNotIn("hdf5", depends)


if __name__ == "__main__":
    unittest.main(verbosity=2)
