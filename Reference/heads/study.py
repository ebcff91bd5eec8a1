"""Judges recipes for heads on a frozen VGG-16, and writes the table of all of them, the bad ones too.

    python study.py --two-class FOLDER --four-class FOLDER --cache FOLDER --features FOLDER --answers FOLDER \\
        --out FOLDER [--nefro PROGRAM]

CACHE is what features.py filled, FEATURES the program's own feature cache, and ANSWERS what `nefro heads --answers`
wrote: from its records come the pictures, their labels, series and folds, so that every recipe is judged on the very
folds of the shipped head. Answers are out of fold. Each recipe's are written as a record of predictions, and the
program judges it: `nefro compare` gives macro-F1 and macro-AUC with intervals over series, and the difference to the
shipped head with its interval.

Nothing is drawn: the same features and folds give the same table. Fits are kept in the folder OUT, so that an
interrupted run goes on where it was.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

# The products of a fit are small: threads would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax
from scipy.stats import rankdata

from known import Features
from recipes import ENSEMBLES, RECIPES, UNTUNED
from pictures import pictures

ITERATIONS, TOLERANCE = 300, 1e-5
EXPLICIT_FEATURES = 2048  # with more, a fit goes by inner products


class Blocks:
    """A recipe's features over pictures and views, scaled for one training set after another."""

    def __init__(self, recipe, features, views):
        self.recipe, self.rows = recipe, []
        for part in recipe.parts:
            rows = np.concatenate([features[view or part.view, part.key, part.power] for view in views])
            if part.scaling == "row":
                rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
            self.rows.append(rows - rows.mean(0, dtype=np.float64).astype(np.float32))
        self.is_explicit = sum(rows.shape[1] for rows in self.rows) <= EXPLICIT_FEATURES
        self.products = None if self.is_explicit else [(rows @ rows.T).astype(np.float64) for rows in self.rows]
        self.total = sum(part.weight for part in recipe.parts) if recipe.parts[0].scaling != "none" else 1

    def coordinates(self, unchanged, trained, shown):
        """Coordinates in which the penalty is the plain squared length, of the trained rows and of the shown ones.

        UNCHANGED are the training rows that means and scales are taken from. Few features are scaled and put side by
        side; of many the principal axes of their inner products are taken, which give the same fit.
        """
        if self.is_explicit:
            rows = np.concatenate(
                [self.scaled(part, rows, unchanged) for part, rows in zip(self.recipe.parts, self.rows)], 1)
            return rows[trained], rows[shown]
        products = sum(self.centred(part, grid, unchanged) for part, grid in zip(self.recipe.parts, self.products))
        values, axes = np.linalg.eigh(products[np.ix_(trained, trained)])
        keep = values > 1e-9 * values[-1]
        values, axes = np.sqrt(values[keep]), axes[:, keep]
        return axes * values, products[np.ix_(shown, trained)] @ (axes / values)

    def scaled(self, part, rows, unchanged):
        rows = rows - rows[unchanged].mean(0, dtype=np.float64)
        if part.scaling == "each":
            rows = rows / np.maximum(rows[unchanged].std(0), 1e-6)
        if part.scaling != "none":
            rows = rows / np.sqrt(np.mean(np.sum(rows[unchanged] ** 2, 1)))
        return rows * np.sqrt(part.weight / self.total)

    def centred(self, part, products, unchanged):
        means = products[:, unchanged].mean(1)
        products = products - means[:, None] - means[None] + means[unchanged].mean()
        scale = 1 if part.scaling == "none" else np.mean(np.diag(products)[unchanged])
        return products * (part.weight / self.total / scale)


def regression(rows, labels, weights, penalty, classes):
    """The weights and biases that minimise sum of w CE + penalty / 2 |W|^2 over rows, by L-BFGS from zero."""
    count = rows.shape[1]
    truth = np.eye(classes)[labels]

    def objective(flat):
        matrix, biases = flat[:-classes].reshape(count, classes), flat[-classes:]
        logits = rows @ matrix + biases
        logits -= logits.max(1, keepdims=True)
        sums = np.log(np.exp(logits).sum(1))
        value = weights @ (sums - logits[np.arange(len(labels)), labels]) + penalty / 2 * np.sum(matrix ** 2)
        error = weights[:, None] * (np.exp(logits - sums[:, None]) - truth)
        return value, np.concatenate([(rows.T @ error + penalty * matrix).ravel(), error.sum(0)])

    found = minimize(objective, np.zeros((count + 1) * classes), jac=True, method="L-BFGS-B",
                     options={"maxiter": ITERATIONS, "gtol": TOLERANCE, "maxcor": 20, "ftol": 0})
    return found.x[:-classes].reshape(count, classes), found.x[-classes:]


class Head:
    """A recipe, asked for one training set after another."""

    def __init__(self, recipe, features, data):
        self.recipe, self.data = recipe, data
        views = list(dict.fromkeys((None, *recipe.copies, *recipe.test_views)))
        self.at = {view: place * len(data.labels) for place, view in enumerate(views)}
        self.blocks = Blocks(recipe, features, views)

    def answers(self, train, test):
        """Probabilities of the test pictures by a head trained on the training ones. Shape: [test, classes]."""
        recipe, classes = self.recipe, len(self.data.classes)
        if recipe.trained_on == "four-class set":
            train = train[self.data.is_four[train]]
        trained = np.concatenate([train + self.at[view] for view in (None, *recipe.copies)])
        shown = np.concatenate([test + self.at[view] for view in (None, *recipe.test_views)])
        rows, asked = self.blocks.coordinates(train, trained, shown)
        labels = np.tile(self.data.labels[train], len(trained) // len(train))
        if recipe.neighbours:
            return neighbours(rows, labels, asked, recipe.neighbours, classes)
        weights = (1 / (classes * np.bincount(labels, minlength=classes))[labels] if recipe.balanced
                   else np.full(len(labels), 1 / len(labels)))
        penalty = 1 / len(train) if recipe.penalty is UNTUNED else recipe.penalty
        matrix, biases = regression(rows, labels, weights, penalty, classes)
        return softmax(asked @ matrix + biases, axis=1).reshape(-1, len(test), classes).mean(0)


def neighbours(rows, labels, shown, count, classes):
    """Shares of the classes among the nearest rows, a class counting for what it is rare."""
    distances = (shown ** 2).sum(1)[:, None] - 2 * shown @ rows.T + (rows ** 2).sum(1)[None]
    near = labels[np.argsort(distances, 1, kind="stable")[:, :count]]
    votes = np.eye(classes)[near].sum(1) / np.bincount(labels, minlength=classes) + 1e-9
    return votes / votes.sum(1, keepdims=True)


def macro_f1(labels, probabilities):
    predicted, classes = probabilities.argmax(1), range(probabilities.shape[1])
    hits = [np.sum((predicted == c) & (labels == c)) for c in classes]
    return np.mean([2 * hit / (np.sum(predicted == c) + np.sum(labels == c)) for c, hit in zip(classes, hits)])


def macro_auc(labels, probabilities):
    areas = []
    for c in range(probabilities.shape[1]):
        positive = labels == c
        ranks = rankdata(probabilities[:, c])[positive].sum()
        areas.append((ranks - positive.sum() * (positive.sum() + 1) / 2) / (positive.sum() * (~positive).sum()))
    return np.mean(areas)


class Data:
    """The pictures of a record that `nefro heads --answers` wrote, in the order of features.py."""

    def __init__(self, path):
        self.record = json.loads(path.read_text())
        self.record["pictures"].sort(key=lambda row: row["path"])
        rows, self.classes = self.record["pictures"], self.record["classes"]
        self.labels = np.array([self.classes.index(row["label"]) for row in rows])
        self.folds = np.array([row["fold"] for row in rows])
        self.series = np.array([row["series"] for row in rows])
        self.is_four = np.array(["/four-class " in row["path"] for row in rows])
        self.probabilities = np.array([row["probabilities"] for row in rows])

    def out_of_fold(self, answer):
        """answer(train, test) of each fold, put together."""
        result = np.empty((len(self.labels), len(self.classes)))
        for fold in np.unique(self.folds):
            test = np.flatnonzero(self.folds == fold)
            result[test] = answer(np.flatnonzero(self.folds != fold), test)
        return result

    def write(self, name, probabilities, path):
        record = dict(self.record)
        record["model_digest"] = hashlib.sha256(name.encode()).hexdigest()
        record["version"] = "Reference/heads/study.py"
        record["split"] = dict(record["split"], scored_by="out-of-fold answers of Reference/heads/study.py")
        record["pictures"] = [dict(row, probabilities=list(map(float, p / p.sum())))
                              for row, p in zip(record["pictures"], probabilities)]
        path.write_text(json.dumps(record))


def pairs_of_folds(head, data):
    """For every two folds the answers to both by a head trained on neither: {(fold, other): [fold's, classes]}.

    The answers to `fold` without `other` are what a choice that must not see `other` may look at.
    """
    found = {}
    folds = np.unique(data.folds)
    for place, first in enumerate(folds):
        for second in folds[place + 1:]:
            test = np.flatnonzero((data.folds == first) | (data.folds == second))
            train = np.flatnonzero((data.folds != first) & (data.folds != second))
            answer = head.answers(train, test)
            found[first, second] = answer[data.folds[test] == first]
            found[second, first] = answer[data.folds[test] == second]
    return found


def nested(data, candidates):
    """The answers of whichever candidate is best on the other folds, judged by heads that did not see those either.

    candidates: {name: (out-of-fold answers, answers by pairs of folds)}.
    Returns the answers and the name chosen for each fold.
    """
    result, chosen = np.empty((len(data.labels), len(data.classes))), []
    for fold in np.unique(data.folds):
        others = [other for other in np.unique(data.folds) if other != fold]
        labels = np.concatenate([data.labels[data.folds == other] for other in others])

        def score(name):
            inner = np.concatenate([candidates[name][1][other, fold] for other in others])
            return macro_f1(labels, inner) + macro_auc(labels, inner)

        best = max(candidates, key=score)
        chosen.append(best)
        result[data.folds == fold] = candidates[best][0][data.folds == fold]
    return result, chosen


def judged(nefro, path, shipped):
    """What the program says of a record, and of its difference to the shipped head's."""
    out = subprocess.run([nefro, "compare", path, shipped, "--json"], capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(f"{nefro} compare {path} {shipped} failed: {out.stderr}")
    found = json.loads(out.stdout)
    return {"macro_f1": found["a"]["macro_f1"], "auc": found["a"]["auc"], "accuracy": found["a"]["accuracy"],
            "auc_difference": found["difference"]["auc"]["difference"],
            "accuracy_difference": found["difference"]["accuracy"]["difference"]}


def arguments():
    parser = argparse.ArgumentParser(description="Judge every recipe.")
    for name in ("two-class", "four-class", "cache", "features", "answers", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--nefro", default="nefro")
    parser.add_argument("--most", type=int, help="end after fitting so many recipes; status 3 where some are left")
    return parser.parse_args()


def main():
    options = arguments()
    features = Features(
        pictures(options.two_class, options.four_class), blocks=options.cache, program=options.features)
    shipped = {kind: options.answers / f"kidney-four-class-{kind}.json" for kind in ("series", "runs")}
    data = {kind: Data(path) for kind, path in shipped.items()}
    assert (data["series"].record["split"]["method"], data["runs"].record["split"]["method"]) == ("series", "runs")
    (options.out / "fits").mkdir(parents=True, exist_ok=True)
    results, candidates, kept, left = [], {}, {}, options.most
    for number, recipe in enumerate(RECIPES):
        file = options.out / "fits" / f"{hashlib.sha256(repr(recipe).encode()).hexdigest()[:16]}.npz"
        if not file.exists():
            if left == 0:
                sys.exit(3)
            left = left - 1 if left is not None else None
            began = time.monotonic()
            head = Head(recipe, features, data["series"])
            found = {"series": data["series"].out_of_fold(head.answers)}
            if recipe.runs:
                found["runs"] = data["runs"].out_of_fold(head.answers)
            if recipe.is_candidate:
                for (first, second), values in pairs_of_folds(head, data["series"]).items():
                    found[f"{first} without {second}"] = values
            np.savez(file, **found)
            features.forget()
            print(f"{number + 1} of {len(RECIPES)}, {time.monotonic() - began:.0f} s: {recipe.name}",
                  file=sys.stderr, flush=True)
        found = dict(np.load(file))
        kept[recipe.name] = found
        if recipe.is_candidate:
            candidates[recipe.name] = (found["series"], {
                tuple(map(int, key.split(" without "))): values for key, values in found.items() if " without " in key})
    rows = [(recipe.family, recipe.name, kept[recipe.name]) for recipe in RECIPES]
    for ensemble in ENSEMBLES:
        rows.append((ensemble.family, ensemble.name, {
            "series": sum(weight * kept[name]["series"] for name, weight in ensemble.members)}))
    choice, chosen = nested(data["series"], candidates)
    rows.append(("nested", f"the best of {len(candidates)} on the other folds", {"series": choice}))
    rows.append(("shipped", "`nefro heads`: chosen features, with changed copies",
                 {kind: data[kind].probabilities for kind in data}))
    for family, name, found in rows:
        result = {"family": family, "recipe": name}
        for kind in ("series", "runs"):
            if kind in found:
                record = options.out / "record.json"
                data[kind].write(name, found[kind], record)
                result[kind] = judged(options.nefro, record, shipped[kind])
                # Two implementations of the same figures: a mistake in either shows.
                for key, own in (("macro_f1", macro_f1), ("auc", macro_auc)):
                    gap = abs(own(data[kind].labels, found[kind]) - result[kind][key]["value"])
                    assert gap < 1e-9, f"{name}: {key} differs from the program's by {gap}"
        results.append(result)
        print(f"judged: {name}", file=sys.stderr, flush=True)
    (options.out / "study.json").write_text(json.dumps({"rows": results, "nested_choices": chosen}, indent=1) + "\n")
    (options.out / "study.md").write_text(table(results) + f"\nChosen by fold: {'; '.join(chosen)}.\n")


def interval(metric):
    if metric["low"] is None:
        return f"{metric['value']:.3f} ({metric['method']})"
    return f"{metric['value']:.3f} ({metric['low']:.3f} to {metric['high']:.3f})"


def table(results):
    """Markdown: every recipe by whole series, then those that were judged by runs as well."""
    lines = ["| recipe | macro-F1 | macro-AUC | AUC minus shipped | accuracy minus shipped |", "|---|---|---|---|---|"]
    family = None
    for row in results:
        if row["family"] != family:
            family = row["family"]
            lines.append(f"| **{family}** | | | | |")
        found = row["series"]
        lines.append(f"| {row['recipe']} | " + " | ".join(
            interval(found[key]) for key in ("macro_f1", "auc", "auc_difference", "accuracy_difference")) + " |")
    lines += ["", "| LEAKY: runs of at most 30 slices held out | macro-F1 | macro-AUC |", "|---|---|---|"]
    for row in results:
        if "runs" in row:
            lines.append(f"| {row['recipe']} | {interval(row['runs']['macro_f1'])} | {interval(row['runs']['auc'])} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
