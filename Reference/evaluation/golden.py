"""Writes golden.json: random predictions and what scikit-learn, SciPy and direct formulas say of them.

Run with Python 3.11 and the packages of requirements.txt:
    python golden.py
The Swift side is Tests/EvaluationTests/OracleTests.swift.
"""

import json
import pathlib

import numpy as np
from scipy import stats
from sklearn import metrics


def keras_log_loss(probabilities, labels):
    """Keras's categorical_crossentropy: divide by the sum, clip at 1e-7, mean of -log."""
    rows = probabilities / probabilities.sum(axis=1, keepdims=True)
    rows = np.clip(rows, 1e-7, 1 - 1e-7)
    return -np.log(rows[np.arange(len(labels)), labels]).mean()


def kernel(scores, positive):
    """psi[i, j] of positive i and negative j: 1, 1/2 or 0."""
    x, y = scores[positive][:, None], scores[~positive][None, :]
    return (x > y) + 0.5 * (x == y)


def delong(scores, positive):
    """DeLong, DeLong and Clarke-Pearson 1988, from all pairs."""
    psi = kernel(scores, positive)
    m, n = psi.shape
    area = psi.mean()
    s10 = ((psi.mean(axis=1) - area) ** 2).sum() / (m - 1)
    s01 = ((psi.mean(axis=0) - area) ** 2).sum() / (n - 1)
    return area, s10 / m + s01 / n


def obuchowski(scores, positive, series):
    """Obuchowski 1997, from all pairs and explicit loops over series."""
    psi = kernel(scores, positive)
    m, n = psi.shape
    area = psi.mean()
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    of_positive, of_negative = series[positive], series[~positive]
    names = np.unique(series)
    s10 = s01 = s11 = 0.0
    for name in names:
        a = v10[of_positive == name].sum() - (of_positive == name).sum() * area
        b = v01[of_negative == name].sum() - (of_negative == name).sum() * area
        s10, s01, s11 = s10 + a * a, s01 + b * b, s11 + a * b
    i10, i01, i = len(np.unique(of_positive)), len(np.unique(of_negative)), len(names)
    s10 *= i10 / ((i10 - 1) * m)
    s01 *= i01 / ((i01 - 1) * n)
    s11 *= i / (i - 1)
    return area, s10 / m + s01 / n + 2 * s11 / (m * n)


def case(rng, name, classes, series_count, digits, mixed=False, zeros=False):
    series, labels, rows = [], [], []
    for number in range(series_count):
        label = number % classes
        shift = rng.normal(size=classes)
        for _ in range(rng.integers(1, 9)):
            if mixed:
                label = int(rng.integers(classes))
            logits = shift + rng.normal(size=classes) + 1.2 * (np.arange(classes) == label)
            row = np.exp(logits) / np.exp(logits).sum()
            row = np.floor(row * 10**digits) / 10**digits
            row[-1] = round(1 - row[:-1].sum(), digits)
            series.append(number)
            labels.append(label)
            rows.append(row)
    probabilities, labels, series = np.array(rows), np.array(labels), np.array(series)
    if zeros:
        wrong = (labels[0] + 1) % classes
        probabilities[0] = np.eye(classes)[wrong]
    predicted = probabilities.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(classes), zero_division=np.nan)
    confusion = metrics.confusion_matrix(labels, predicted, labels=range(classes))
    one_hot = np.eye(classes)[labels]
    result = {
        "name": name, "labels": labels.tolist(), "series": series.tolist(), "probabilities": probabilities.tolist(),
        "loss": keras_log_loss(probabilities, labels),
        "accuracy": metrics.accuracy_score(labels, predicted),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, predicted),
        "macroF1": metrics.f1_score(labels, predicted, average="macro"),
        "sensitivities": recall.tolist(), "precisions": precision.tolist(), "f1s": f1.tolist(),
        "specificities": [
            metrics.recall_score(labels != c, predicted != c) for c in range(classes)],
        "aucs": [metrics.roc_auc_score(labels == c, probabilities[:, c]) for c in range(classes)],
        "confusion": confusion.tolist(),
        "delong": [], "obuchowski": [],
    }
    if probabilities.min() > 0:
        np.testing.assert_allclose(result["loss"], metrics.log_loss(labels, probabilities), rtol=1e-12)
    if classes == 2:
        result["brier"] = metrics.brier_score_loss(labels, probabilities[:, 1])
        result["auc"] = metrics.roc_auc_score(labels, probabilities[:, 1])
    else:
        result["brier"] = ((probabilities - one_hot) ** 2).sum(axis=1).mean()
        np.testing.assert_allclose(
            result["brier"], metrics.brier_score_loss(labels, probabilities, scale_by_half=False), rtol=1e-12)
        result["auc"] = np.mean(result["aucs"])
        np.testing.assert_allclose(
            result["auc"], metrics.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro"))
    for c in range(classes):
        area, variance = delong(probabilities[:, c], labels == c)
        np.testing.assert_allclose(area, result["aucs"][c], rtol=1e-12)
        result["delong"].append(variance)
        result["obuchowski"].append(obuchowski(probabilities[:, c], labels == c, series)[1])
    return result


def main():
    rng = np.random.default_rng(20240611)
    golden = {
        "cases": [
            case(rng, "two classes", 2, 24, 4),
            case(rng, "two classes, many ties", 2, 30, 1),
            case(rng, "two classes, series of both", 2, 14, 3, mixed=True),
            case(rng, "two classes, a certain mistake", 2, 12, 3, zeros=True),
            case(rng, "four classes", 4, 32, 4),
            case(rng, "four classes, series of several", 4, 20, 2, mixed=True),
        ],
        "wilson": [
            {"successes": k, "trials": n, "level": level,
             "low": (ci := stats.binomtest(k, n).proportion_ci(level, method="wilson")).low, "high": ci.high}
            for k, n, level in [(0, 5, 0.95), (5, 5, 0.95), (3, 7, 0.95), (97, 139, 0.95), (133, 139, 0.9), (1, 1000, 0.99)]
        ],
        "normal": [
            {"probability": p, "quantile": stats.norm.ppf(p)}
            for p in [1e-10, 0.001, 0.02, 0.025, 0.3, 0.5, 0.8, 0.975, 0.995, 0.999999]
        ],
        "student": [
            {"probability": p, "freedom": df, "quantile": stats.t.ppf(p, df)}
            for p in [0.005, 0.3, 0.5, 0.75, 0.975, 0.995] for df in [1, 2.5, 4, 11.7, 58, 1000]
        ],
    }
    path = pathlib.Path(__file__).with_name("golden.json")
    path.write_text(json.dumps(golden) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes, {len(golden['cases'])} cases")


if __name__ == "__main__":
    main()
