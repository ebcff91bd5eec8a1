"""A project of Nefro's in the work folder: the report's settings, data ingested, base prepared, caches of its own."""

import shutil

import processes
from contestants import Failed
from environment import PROJECT, say

PARAMETERS = "config/report-params.yaml"


class NefroProject:
    def __init__(self, bench, name, settings=()):
        """settings: such as AUGMENTATION=False, given to every stage."""
        self.bench = bench
        self.folder = bench.work / name
        self.cache = self.folder / "cache"
        self.settings = [part for setting in settings for part in ("--set", setting)]
        self._make()

    def _make(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "config").mkdir(parents=True)
        for file in ("config/config.yaml", PARAMETERS):
            shutil.copy(PROJECT / file, self.folder / file)
        self.forget_features()
        say(f"Ingesting and preparing {self.folder.name}")
        try:
            self.run("ingest", "--source", self.bench.data)
            self.run("prepare")
        except Failed as failure:
            raise self.bench.Unmeasurable(f"Nefro failed: {failure}")

    def forget_features(self):
        """Leaves nothing in the caches but the weights."""
        shutil.rmtree(self.cache, ignore_errors=True)
        weights = self.cache / "nefro" / "weights"
        weights.mkdir(parents=True)
        shutil.copy(self.bench.weights, weights / "vgg16.safetensors")

    @property
    def model(self):
        return self.folder / "artifacts" / "training" / "model.safetensors"

    def run(self, command, *arguments):
        options = ["--params", PARAMETERS, *self.settings] if command in ("ingest", "prepare", "train") else []
        if command == "train":
            # The report divides single pictures at the head of each class's list.
            options.append("--accept-leakage")
        return processes.run(
            [self.bench.nefro, command, *options, *arguments], self.folder / f"{command}.log", cwd=self.folder,
            environment={"XDG_CACHE_HOME": str(self.cache)})
