"""Writes decisions.json: random predictions and what scikit-learn, statsmodels, SciPy, dcurves, R's pROC and
rms, and direct formulas say of them: curves, calibration, thresholds, abstention, comparison of two models.

Run with Python 3.11, the packages of requirements.txt, and Rscript with pROC and rms (versions in README.md):
    python decisions.py
The Swift side is Tests/EvaluationTests/Decisions/DecisionOracleTests.swift.
"""

import json
import pathlib
import subprocess

import dcurves
import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import optimize, stats
from scipy.special import expit, logit, softmax
from sklearn import metrics
from sklearn.calibration import _sigmoid_calibration
from statsmodels.stats.contingency_tables import mcnemar

from golden import kernel

HERE = pathlib.Path(__file__).parent
THRESHOLDS = [0.105, 0.255, 0.505, 0.705]


def draw(rng, series_count, digits, mixed):
    """Two models' probabilities with series that share part of both errors."""
    first, second, positive, series = [], [], [], []
    for number in range(series_count):
        label = number % 2
        shared = rng.normal(size=2) + rng.normal()
        for _ in range(rng.integers(1, 9)):
            if mixed:
                label = int(rng.integers(2))
            noise = rng.normal(size=2) + rng.normal()
            p = expit((2 * label - 1) * np.array([1.3, 0.8]) + 0.5 * shared + 0.6 * noise)
            p = np.clip(np.round(p, digits), 10.0**-digits, 1 - 10.0**-digits)
            first.append(p[0]), second.append(p[1]), positive.append(label == 1), series.append(number)
    return np.array(first), np.array(second), np.array(positive), np.array(series)


def area_difference(first, second, positive, series):
    """Obuchowski 1997 for the difference: both variances less twice the covariance, from all pairs and
    matrices over series."""
    psi = [kernel(scores, positive) for scores in (first, second)]
    m, n = psi[0].shape
    names = np.unique(series)
    of_positive = (series[positive][None, :] == names[:, None]).astype(float)
    of_negative = (series[~positive][None, :] == names[:, None]).astype(float)
    a = np.stack([of_positive @ (p.mean(axis=1) - p.mean()) for p in psi], axis=1)
    b = np.stack([of_negative @ (p.mean(axis=0) - p.mean()) for p in psi], axis=1)
    i10, i01, i = (of_positive.sum(axis=1) > 0).sum(), (of_negative.sum(axis=1) > 0).sum(), len(names)
    s10 = i10 / ((i10 - 1) * m) * a.T @ a
    s01 = i01 / ((i01 - 1) * n) * b.T @ b
    s11 = i / (i - 1) * a.T @ b
    covariance = s10 / m + s01 / n + (s11 + s11.T) / (m * n)
    contrast = np.array([1, -1])
    return psi[0].mean() - psi[1].mean(), contrast @ covariance @ contrast


def accuracy_difference(first, second, series):
    """Obuchowski 1998: the ratio estimator's variance over series; Durkalski et al. 2003: the statistic."""
    d = first.astype(float) - second
    value = d.mean()
    names = np.unique(series)
    residuals = np.array([(d[series == s] - value).sum() for s in names])
    means = np.array([d[series == s].mean() for s in names])
    k = len(names)
    return value, k / (k - 1) * (residuals**2).sum() / len(d) ** 2, means.sum() ** 2 / (means**2).sum()


def risk_coverage(confidence, wrong):
    thresholds = np.unique(confidence)[::-1]
    coverage = np.array([(confidence >= t).mean() for t in thresholds])
    risk = np.array([wrong[confidence >= t].mean() for t in thresholds])
    area = np.mean([risk[np.searchsorted(-thresholds, -c)] for c in confidence])
    return thresholds, coverage, risk, area


def case(rng, name, series_count, digits, mixed=False):
    p, second, positive, series = draw(rng, series_count, digits, mixed)
    y = positive.astype(int)
    fpr, tpr, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    precision, recall, thresholds = metrics.precision_recall_curve(y, p)
    line = sm.GLM(y, sm.add_constant(logit(p)), family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    large = sm.GLM(y, np.ones(len(y)), offset=logit(p), family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    curve = dcurves.dca(pd.DataFrame({"y": y, "p": p}), "y", ["p"], thresholds=THRESHOLDS)
    benefit = curve[curve.model == "p"].sort_values("threshold").net_benefit
    everyone = curve[curve.model == "all"].sort_values("threshold").net_benefit
    sensitivity, specificity = (p >= 0.5)[positive].mean(), (p < 0.5)[~positive].mean()
    prevalence = 0.1
    bins = np.minimum(9, (p * 10).astype(int))
    ece = sum(abs((p - y)[bins == b].sum()) for b in range(10)) / len(y)
    np_, nn = y.sum(), len(y) - y.sum()
    smooth = np.where(y == 1, (np_ + 1) / (np_ + 2), 1 / (nn + 2))
    platt = sm.GLM(smooth, sm.add_constant(logit(p)), family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    a, b = _sigmoid_calibration(logit(p), y)
    # scikit-learn stops early, at about four digits: the same optimum, found by statsmodels to the last.
    np.testing.assert_allclose([-b, -a], platt.params, rtol=2e-3, atol=2e-3)
    wrong = (p > 0.5) != positive
    t, coverage, risk, area = risk_coverage(np.maximum(p, 1 - p), wrong)
    right, other = ~wrong, (second > 0.5) == positive
    table = [[(right & other).sum(), (right & ~other).sum()], [(~right & other).sum(), (~right & ~other).sum()]]
    auc_value, auc_variance = area_difference(p, second, positive, series)
    acc_value, acc_variance, durkalski = accuracy_difference(right, other, series)
    reach = [((p < s)[~positive].mean(), s) for s in np.unique(p) if (p >= s)[positive].mean() >= 0.9]
    specificity_at, threshold_at = max(reach)
    return {
        "name": name, "first": p.tolist(), "second": second.tolist(), "positive": positive.tolist(),
        "series": series.tolist(),
        "rocFalsePositiveRates": fpr.tolist(), "rocSensitivities": tpr.tolist(),
        "precisions": precision[-2::-1].tolist(), "recalls": recall[-2::-1].tolist(),
        "precisionThresholds": thresholds[::-1].tolist(),
        "averagePrecision": metrics.average_precision_score(y, p),
        "intercept": line.params[0], "slope": line.params[1], "interceptInTheLarge": large.params[0],
        "netBenefits": benefit.tolist(), "treatAll": everyone.tolist(),
        "positivePredictiveValue": sensitivity * prevalence
        / (sensitivity * prevalence + (1 - specificity) * (1 - prevalence)),
        "negativePredictiveValue": specificity * (1 - prevalence)
        / (specificity * (1 - prevalence) + (1 - sensitivity) * prevalence),
        "expectedError": ece, "plattIntercept": platt.params[0], "plattSlope": platt.params[1],
        "riskThresholds": t.tolist(), "coverages": coverage.tolist(), "risks": risk.tolist(), "riskArea": area,
        "onlyFirst": int(table[0][1]), "onlySecond": int(table[1][0]),
        "exactPValue": mcnemar(table, exact=True).pvalue, "durkalski": durkalski,
        "areaDifference": auc_value, "areaDifferenceVariance": auc_variance,
        "accuracyDifference": acc_value, "accuracyDifferenceVariance": acc_variance,
        "sensitivityThreshold": threshold_at, "sensitivitySpecificity": specificity_at,
    }


def temperature(rng, classes, count):
    labels = np.arange(count) % classes
    logits = rng.normal(size=(count, classes)) * 2.5
    logits[np.arange(count), labels] += 3
    p = softmax(logits, axis=1)
    loss = lambda beta: -np.log(softmax(beta * np.log(p), axis=1)[np.arange(count), labels]).mean()
    slope = lambda beta: ((softmax(beta * np.log(p), axis=1) * np.log(p)).sum(axis=1)
                          - np.log(p)[np.arange(count), labels]).mean()
    beta = optimize.brentq(slope, 0.01, 10, xtol=1e-15)
    return {"labels": labels.tolist(), "probabilities": p.tolist(), "temperature": 1 / beta,
            "lossBefore": loss(1), "lossAfter": loss(beta)}


def main():
    rng = np.random.default_rng(20260611)
    cases = [
        case(rng, "series of one class", 30, 5), case(rng, "many ties", 36, 1),
        case(rng, "series of both classes", 16, 3, mixed=True)]
    answer = subprocess.run(
        ["Rscript", str(HERE / "decisions.R")], input=json.dumps(cases), capture_output=True, text=True, check=True)
    for item, r in zip(cases, json.loads(answer.stdout), strict=True):
        item["r"] = r
        np.testing.assert_allclose([r["intercept"], r["slope"]], [item["intercept"], item["slope"]], atol=1e-5)
    golden = {
        "thresholds": THRESHOLDS, "cases": cases,
        "temperatures": [temperature(rng, 2, 40), temperature(rng, 4, 60)],
        "beta": [{"probability": q, "a": a, "b": b, "quantile": stats.beta.ppf(q, a, b)}
                 for q in [0.005, 0.025, 0.5, 0.975]
                 for a, b in [(0.3, 2), (1, 1), (4.5, 30.2), (900, 100), (12000.5, 7000)]],
        "effective": [
            {"share": s, "variance": v, "freedom": d, "low": stats.beta.ppf(0.025, n * s, n * (1 - s) + 1),
             "high": stats.beta.ppf(0.975, n * s + 1, n * (1 - s))}
            for s, v, d in [(0.9, 0.002, 12.3), (0.5, 0.0001, 100), (0.99, 0.00005, 58), (0.2, 0.01, 4)]
            for n in [s * (1 - s) / v * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, d)) ** 2]],
    }
    path = HERE / "decisions.json"
    path.write_text(json.dumps(golden) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes, {len(cases)} cases")


if __name__ == "__main__":
    main()
