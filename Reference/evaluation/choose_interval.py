"""Which bootstrap over series gives 95 % intervals that hold the truth?

Prints a table: share of simulated studies whose interval holds the true figure, for five ways of making the
interval. Slices of a series share the part `correlation` of their latent score; two classes of `K` series each,
5 to 40 slices a series. Run with Python 3.11 and the packages of requirements.txt:
    python choose_interval.py STUDIES RESAMPLES
"""

import sys

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm
from scipy.stats import t as student

FIGURES = ["sensitivity", "accuracy", "auc", "brier", "loss"]
METHODS = ["percentile", "percentile, widened", "K-1 percentile", "K-1, t", "K-1, t on log odds"]


def truth(separation):
    x = np.linspace(-9, 9, 20001)
    weight = norm.pdf(x) / norm.pdf(x).sum()
    right = expit(separation * (x + separation / 2))
    return dict(
        sensitivity=norm.cdf(separation / 2), accuracy=norm.cdf(separation / 2),
        auc=norm.cdf(separation / 2**0.5), brier=(weight * (1 - right) ** 2).sum(),
        loss=(weight * -np.log(right)).sum())


def draw_class(rng, sign, K, correlation, separation):
    """Sizes, latent scores, and sums by series of: right answers, squared errors, log losses."""
    sizes = rng.integers(5, 41, K)
    series = np.repeat(np.arange(K), sizes)
    latent = (sign * separation / 2 + np.sqrt(correlation) * rng.normal(size=K)[series]
              + np.sqrt(1 - correlation) * rng.normal(size=sizes.sum()))
    right = expit(sign * separation * latent)
    sums = [np.bincount(series, v, K) for v in
            ((right > 0.5) * 1.0, (1 - right) ** 2, -np.log(np.clip(right, 1e-7, 1)))]
    return sizes, latent, sums


def study(rng, K, correlation, separation):
    n1, x1, (c1, b1, l1) = draw_class(rng, 1, K, correlation, separation)
    n0, x0, (c0, b0, l0) = draw_class(rng, -1, K, correlation, separation)
    wins = (x1[:, None] > x0[None, :]).astype(float)
    first = lambda n: np.r_[0, np.cumsum(n)[:-1]]
    pairs = np.add.reduceat(np.add.reduceat(wins, first(n1), axis=0), first(n0), axis=1)

    def figures(w1, w0):
        N1, N0 = w1 @ n1, w0 @ n0
        return dict(
            sensitivity=w1 @ c1 / N1, accuracy=(w1 @ c1 + w0 @ c0) / (N1 + N0),
            auc=np.einsum("bi,ij,bj->b", w1, pairs, w0, optimize=True) / (N1 * N0),
            brier=(w1 @ b1 + w0 @ b0) / (N1 + N0), loss=(w1 @ l1 + w0 @ l0) / (N1 + N0))
    return figures


def intervals(figure, value, full, reduced, K):
    freedom = K - 1 if figure == "sensitivity" else 2 * K - 2
    t = student.ppf(0.975, freedom)
    error = reduced.std()
    tail = norm.cdf(-np.sqrt(K / (K - 1)) * t)  # Hesterberg 2015, "expanded percentile interval"
    yield np.quantile(full, [0.025, 0.975])
    yield np.quantile(full, [tail, 1 - tail])
    yield np.quantile(reduced, [0.025, 0.975])
    yield value - t * error, value + t * error
    if figure == "loss":
        yield value * np.exp(-t * error / value), value * np.exp(t * error / value)
    elif 0 < value < 1:
        half = t * error / (value * (1 - value))
        yield expit(logit(value) - half), expit(logit(value) + half)
    else:
        yield K / (K + norm.ppf(0.975) ** 2), 1


def main(studies, resamples):
    print("| series | correlation | separation | method | " + " | ".join(FIGURES) + " |")
    print("|---" * (4 + len(FIGURES)) + "|")
    for K in (8, 15, 30):
        for correlation in (0.4, 0.8):
            for separation in (1.5, 3.0):
                rng = np.random.default_rng(1)
                true = truth(separation)
                held = np.zeros((len(METHODS), len(FIGURES)))
                for _ in range(studies):
                    figures = study(rng, K, correlation, separation)
                    draws = lambda n: rng.multinomial(n, [1 / K] * K, resamples).astype(float)
                    one = np.ones((1, K))
                    value, full = figures(one, one), figures(draws(K), draws(K))
                    reduced = figures(draws(K - 1), draws(K - 1))
                    for f, name in enumerate(FIGURES):
                        ends = intervals(name, value[name][0], full[name], reduced[name], K)
                        for m, (low, high) in enumerate(ends):
                            held[m, f] += low <= true[name] <= high
                for m, method in enumerate(METHODS):
                    shares = " | ".join(f"{share:.3f}" for share in held[m] / studies)
                    print(f"| {K}+{K} | {correlation} | {separation} | {method} | {shares} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
