"""Which interval over series holds the truth?

Prints a table: share of simulated studies whose 95 % interval holds the true figure, for each way of making the
interval that was tried. A slice's latent score is normal with variance 1 around +-separation/2, of which `correlation`
is shared by its series; probabilities are the calibrated ones; half the series are positive. All ways start from what
each series adds to the figure (its influence); "series left out" is the stratified jackknife of `SeriesJackknife.swift`.
Run with Python 3.11 and the packages of requirements.txt:
    python choose_interval.py STUDIES SERIES [SERIES ...]
"""

import sys

import numpy as np
from scipy.special import expit, logit
from scipy.stats import beta, norm
from scipy.stats import t as student

Z = norm.ppf(0.975)


def draw(rng, studies, series, correlation, separation, unequal):
    """Latent scores [study, class, series, slice], a mask of slices that exist, sizes [study, class, series]."""
    half, most = series // 2, 40 if unequal else 20
    sizes = rng.integers(5, 41, (studies, 2, half)) if unequal else np.full((studies, 2, half), 20)
    mask = np.arange(most) < sizes[..., None]
    x = (np.sqrt(correlation) * rng.normal(size=(studies, 2, half, 1))
         + np.sqrt(1 - correlation) * rng.normal(size=(studies, 2, half, most)))
    x += np.array([-0.5, 0.5])[None, :, None, None] * separation
    return x, mask, sizes


def placements(x, mask, sizes):
    """For each positive the share of negatives below it, for each negative the share of positives above it."""
    studies = len(x)
    scores = np.where(mask, x, np.inf).reshape(studies, -1)
    positive = np.broadcast_to((np.arange(2) == 1)[None, :, None, None], x.shape).reshape(studies, -1)
    order = np.argsort(scores, axis=1, kind="stable")
    positive = np.take_along_axis(positive, order, 1)
    real = np.take_along_axis(mask.reshape(studies, -1), order, 1)
    negatives, positives = sizes[:, 0].sum(1)[:, None], sizes[:, 1].sum(1)[:, None]
    share = np.where(positive, np.cumsum(~positive & real, 1) / negatives,
                     1 - np.cumsum(positive & real, 1) / positives)
    result = np.empty_like(share)
    np.put_along_axis(result, order, share, 1)
    return result.reshape(x.shape) * mask


def figures(x, mask, sizes, separation):
    """Name: (truth, value [study], influence of each series [study, stratum, series], sizes of the same shape)."""
    sign = np.array([-1, 1])[None, :, None, None]
    right = ((sign * x > 0) & mask).sum(-1)
    squares = (expit(-sign * separation * x) ** 2 * mask).sum(-1)
    total, correct = sizes.sum((1, 2)), norm.cdf(separation / 2)
    grid = np.linspace(-9, 9, 20001)
    weight = norm.pdf(grid) / norm.pdf(grid).sum()
    brier = (weight * expit(-separation * (grid + separation / 2)) ** 2).sum()
    mean = lambda sums, n: sums.sum((1, 2)) / n
    accuracy, score = mean(right, total), mean(squares, total)
    positives = sizes[:, 1].sum(1)
    sensitivity = right[:, 1].sum(1) / positives
    place = placements(x, mask, sizes).sum(-1)
    area = place[:, 1].sum(1) / positives
    influence = (place - area[:, None, None] * sizes) / sizes.sum(2, keepdims=True)
    spread = lambda sums, value: (sums - value[:, None, None] * sizes) / total[:, None, None]
    return {
        "accuracy": (correct, accuracy, spread(right, accuracy), sizes),
        "sensitivity": (correct, sensitivity,
                        ((right[:, 1] - sensitivity[:, None] * sizes[:, 1]) / positives[:, None])[:, None],
                        sizes[:, 1:]),
        "auc": (norm.cdf(separation / 2**0.5), area, influence, sizes),
        "brier": (brier, score, spread(squares, score), sizes),
    }


def intervals(value, influence, sizes):
    """Name: (low, high) of every way tried."""
    count = influence.shape[2]
    centred = influence - influence.mean(-1, keepdims=True)
    parts = (centred**2).sum(-1) * count / (count - 1)
    share = sizes / sizes.sum(-1, keepdims=True)
    left_out = (influence - influence.sum(-1, keepdims=True) * share) / (1 - share)
    jackknifed = (left_out**2).sum(-1) * (count - 1) / count
    squares = sizes.astype(float) ** 2
    worth = squares.sum(-1) ** 2 / (squares**2).sum(-1)
    odds, slope = logit(np.clip(value, 1e-9, 1 - 1e-9)), np.maximum(value * (1 - value), 1e-12)

    def summed(parts, freedom):
        variance = parts.sum(1)
        freedom = np.where(variance > 0, variance**2 / np.maximum((parts**2 / freedom).sum(1), 1e-300), count - 1)
        return np.maximum(variance, 1e-12), student.ppf(0.975, freedom)

    def wilson(trials, z):
        centre = (value + z * z / trials / 2) / (1 + z * z / trials)
        half = z / (1 + z * z / trials) * np.sqrt(slope / trials + z * z / (4 * trials**2))
        return centre - half, centre + half

    def exact(variance, t):
        trials = slope / variance * (Z / t) ** 2
        return (beta.ppf(0.025, np.maximum(trials * value, 1e-9), trials * (1 - value) + 1),
                beta.ppf(0.975, trials * value + 1, np.maximum(trials * (1 - value), 1e-9)))

    def hall(skewness, t):
        """Hall 1992: the cubic transformation that takes out skewness, inverted."""
        g = np.where(np.abs(skewness) > 1e-9, skewness, 1e-9)
        return (np.cbrt(1 + g * (t - g / 6)) - 1) * 3 / g

    variance, t = summed(parts, count - 1)
    error = np.sqrt(variance)
    skewness = ((centred**3).sum(-1) * count**2 / (count - 1) / (count - 2)).sum(1) / variance**1.5
    on_odds = skewness - 3 * (1 - 2 * value) / slope * error
    pseudo = 0.5 * slope[:, None] * share.mean(-1) ** 2 / influence.shape[1] ** 2
    padded, t_padded = summed(parts + pseudo, count - 1)
    yield "t", (value - t * error, value + t * error)
    yield "t on log odds", (expit(odds - t * error / slope), expit(odds + t * error / slope))
    yield "t, skewness taken out", (value - hall(skewness, t) * error, value - hall(skewness, -t) * error)
    yield "the same on log odds", (
        expit(odds - hall(on_odds, t) * error / slope), expit(odds - hall(on_odds, -t) * error / slope))
    yield "Wilson, effective trials", wilson(slope / variance, Z)
    yield "the same, t for z", wilson(slope / variance, t)
    yield "half a series added, t on log odds", (
        expit(odds - t_padded * np.sqrt(padded) / slope), expit(odds + t_padded * np.sqrt(padded) / slope))
    yield "exact, effective trials", exact(variance, t)
    yield "the same, series left out", exact(*summed(jackknifed, np.maximum(worth - 1, 1)))


def main(studies, counts):
    names = ["accuracy", "sensitivity", "auc", "brier"]
    print("| series | slices | correlation | AUC | interval | " + " | ".join(names) + " |")
    print("|---" * (5 + len(names)) + "|")
    for series in counts:
        for area in (0.85, 0.95):
            separation = 2**0.5 * norm.ppf(area)
            for unequal in (False, True):
                for correlation in (0, 0.8):
                    rng = np.random.default_rng(1)
                    rows = {}
                    drawn = draw(rng, studies, series, correlation, separation, unequal)
                    for truth, value, influence, sizes in figures(*drawn, separation).values():
                        for method, (low, high) in intervals(value, influence, sizes):
                            rows.setdefault(method, []).append(np.mean((low <= truth) & (truth <= high)))
                    for method, shares in rows.items():
                        print(f"| {series} | {'5 to 40' if unequal else 20} | {correlation} | {area} | {method} | "
                              + " | ".join(f"{share:.3f}" for share in shares) + " |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(count) for count in sys.argv[2:]])
