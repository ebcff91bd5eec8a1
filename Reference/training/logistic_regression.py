"""Writes logistic_regression.json: random rows and the probabilities of scikit-learn's converged logistic regression.

    VENV/bin/pip install scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
    VENV/bin/python logistic_regression.py

The Swift side is Tests/TrainingTests/Heads/LogisticRegressionTests.swift. The objective there is
sum_i w_i CE_i + lambda/2 ||W||^2 with a column of W for every class. Two classes have one column in scikit-learn, whose
penalty is then half as much for the same probabilities.
"""

import json
import pathlib
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression


def objective_gradient(rows, labels, weights, lam, coef, intercept):
    logits = rows @ coef.T + intercept
    logits -= logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    r = (p - np.eye(len(coef))[labels]) * weights[:, None]
    return np.concatenate([(r.T @ rows + lam * coef).ravel(), r.sum(axis=0)])


def case(rng, name, classes, count, features, lam, balanced, spread):
    centres = rng.normal(size=(classes, features)) * spread
    labels = np.concatenate([np.arange(classes), rng.choice(classes, count - classes, p=rng.dirichlet(np.full(classes, 4)))])
    # Float32, as the Swift side has them, and away from zero, so that a mean is to be dealt with.
    rows = (centres[labels] + rng.normal(size=(count, features)) + 0.7).astype(np.float32)
    unseen = (centres[rng.choice(classes, 8)] + rng.normal(size=(8, features)) + 0.7).astype(np.float32)
    counts = np.bincount(labels, minlength=classes)
    weights = 1 / (classes * counts[labels]) if balanced else np.full(count, 1 / count)
    model = LogisticRegression(
        C=(2 if classes == 2 else 1) / lam, solver="newton-cholesky", tol=1e-13, max_iter=1000)
    with warnings.catch_warnings():
        # The last of its line searches ends at the precision of doubles.
        warnings.simplefilter("ignore")
        model.fit(rows.astype(float), labels, sample_weight=weights)
    coef, intercept = model.coef_, model.intercept_
    if classes == 2:
        coef, intercept = np.concatenate([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
    gradient = objective_gradient(rows.astype(float), labels, weights, lam, coef, intercept)
    assert np.linalg.norm(gradient) < 1e-10, (name, np.linalg.norm(gradient))
    seen = np.concatenate([rows, unseen])
    right = (model.predict(rows.astype(float)) == labels).mean()
    print(f"{name}: {count} x {features}, {right:.2f} right, gradient {np.linalg.norm(gradient):.1e}")
    return {
        "name": name, "classes": classes, "features": features, "lambda": lam, "balanced": balanced,
        "rows": [float(f"{v:.9g}") for v in rows.ravel()], "unseen": [float(f"{v:.9g}") for v in unseen.ravel()],
        "labels": labels.tolist(), "probabilities": model.predict_proba(seen.astype(float)).tolist(),
    }


def main():
    rng = np.random.default_rng(20261124)
    cases = [
        case(rng, "four classes, few features", 4, 70, 6, 1e-3, False, 0.8),
        case(rng, "four classes, few features, balanced", 4, 70, 6, 1e-3, True, 0.8),
        case(rng, "two classes, few features", 2, 50, 5, 1e-2, False, 0.5),
        case(rng, "three classes, more features than rows", 3, 24, 60, 1e-2, False, 0.3),
        case(rng, "three classes, more features than rows, balanced", 3, 24, 60, 1e-2, True, 0.3),
        case(rng, "two classes, more features than rows, balanced", 2, 20, 50, 1e-1, True, 0.3),
        case(rng, "separable, hardly any penalty", 3, 30, 8, 1e-6, False, 4),
        case(rng, "separable, more features than rows, hardly any penalty", 2, 16, 40, 1e-6, True, 1),
    ]
    path = pathlib.Path(__file__).with_name("logistic_regression.json")
    path.write_text(json.dumps(cases) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
