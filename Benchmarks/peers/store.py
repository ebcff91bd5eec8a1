"""Keeps what was measured, a JSON file a row."""

import json
import os

from environment import say


class Store:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, name):
        return self.folder / f"{name}.json"

    def read(self, name):
        """None if the row was never measured."""
        path = self._path(name)
        return json.loads(path.read_text()) if path.exists() else None

    def open(self, name, fingerprint, fresh):
        """The record to go on with: {"name", "fingerprint", "contestants", "rounds", …}."""
        found = None if fresh else self.read(name)
        if found and found["fingerprint"] != fingerprint:
            changed = [key for key in fingerprint if found["fingerprint"].get(key) != fingerprint[key]]
            say(f"{name} is measured anew: {', '.join(changed)} changed")
            found = None
        return found or {"name": name, "fingerprint": fingerprint, "contestants": {}, "rounds": [], "unmeasured": None}

    def write(self, record):
        path = self._path(record["name"])
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(record))
        os.replace(draft, path)
