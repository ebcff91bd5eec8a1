"""The recipes that study.py judges: the good and the bad."""

from dataclasses import dataclass

DEFAULT_LAMBDA = 1e-5
UNTUNED = None  # the penalty of scikit-learn's default C = 1


@dataclass(frozen=True)
class Part:
    """One block of features: VIEW, what features.py keeps under KEY, raised to POWER, scaled by SCALING.

    Every part is centred by its training mean. Scaling "norm": divided by the root of the mean squared distance to that
    mean; "none": left; "each": every feature divided by its deviation first; "row": every row brought to length 1
    first. WEIGHT multiplies its share of the squared distances.
    """

    view: str
    key: str
    power: float = 0.5
    scaling: str = "norm"
    weight: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """A head: parts, penalty, what it is trained on and how it answers."""

    family: str
    name: str
    parts: tuple
    penalty: float | None = DEFAULT_LAMBDA
    copies: tuple = ()  # further views that are trained on as well, each counting like the pictures themselves
    test_views: tuple = ()  # further views whose answers are averaged in
    balanced: bool = True
    trained_on: str = "both sets"
    neighbours: int = 0  # instead of the regression
    runs: bool = False  # judged by runs of slices, too, which leaks
    is_candidate: bool = True  # of the nested choice


@dataclass(frozen=True)
class Ensemble:
    """Probabilities of recipes, averaged with weights."""

    name: str
    members: tuple  # of (name, weight)
    family: str = "small ensembles"
    runs: bool = False


def parts(view, keys, **more):
    return tuple(Part(view, key, **more) for key in keys)


def texture(view):
    """The chosen recipe's features, 1,024 numbers."""
    return parts(view, ["block2 mean", "block2 deviation", "block3 mean", "block3 deviation", "block3 spread over 7x7"])


RECIPES = []


def add(family, name, members, **more):
    RECIPES.append(Recipe(family, name, tuple(members), **more))


# What the first measurements were made with: no scaling, the library's default penalty.
for key in ("mean", "2x2"):
    add("untuned", f"224 block5 {key}, no root", parts("plain-224", [f"block5 {key}"], power=1, scaling="none"),
        penalty=UNTUNED, runs=True)
add("untuned", "224 block5 all positions, root", parts("plain-224", ["block5 7x7"], scaling="none"), penalty=UNTUNED,
    runs=True)

for block in range(1, 6):
    add("blocks", f"224 block{block} mean", parts("plain-224", [f"block{block} mean"]), runs=block in (3, 5))
add("blocks", "224 block2 + block3 mean", parts("plain-224", ["block2 mean", "block3 mean"]))
add("blocks", "224 block3 + block4 + block5 mean", parts("plain-224", [f"block{block} mean" for block in (3, 4, 5)]))
add("blocks", "320 block2 mean", parts("plain-320", ["block2 mean"]))
add("blocks", "320 block3 mean", parts("plain-320", ["block3 mean"]), runs=True)

for block in (3, 4, 5):
    for grid in (2, 3, 4, 7) if block == 5 else (2, 4, 7):
        add("grids", f"224 block{block} {grid}x{grid}", parts("plain-224", [f"block{block} {grid}x{grid}"]),
            runs=(block, grid) == (5, 7))
add("grids", "224 block3 + block4 + block5 7x7", parts("plain-224", [f"block{block} 7x7" for block in (3, 4, 5)]))

for power, name in ((1, "no root"), (0.25, "power 0.25")):
    add("root and norm", f"224 block5 7x7, {name}", parts("plain-224", ["block5 7x7"], power=power))
    add("root and norm", f"320 block3 mean, {name}", parts("plain-320", ["block3 mean"], power=power))
add("root and norm", "224 block5 7x7, rows of length 1", parts("plain-224", ["block5 7x7"], scaling="row"))
add("root and norm", "320 block3 mean, rows of length 1", parts("plain-320", ["block3 mean"], scaling="row"))
add("root and norm", "320 block3 mean, every feature standardised", parts("plain-320", ["block3 mean"], scaling="each"))
add("root and norm", "320 chosen features, no root",
    tuple(Part(part.view, part.key, 1) for part in texture("plain-320")))

for penalty in (1e-1, 1e-2, 1e-3, 1e-4):
    add("L2 penalty", f"224 block5 7x7, {penalty:g}", parts("plain-224", ["block5 7x7"]), penalty=penalty)
for penalty in (1e-2, 1e-3, 1e-4, 1e-6):
    add("L2 penalty", f"320 chosen features, {penalty:g}", texture("plain-320"), penalty=penalty)

add("preprocessing", "pictures as they are, 224 block5 7x7", parts("as-it-is-224", ["block5 7x7"]))
add("preprocessing", "pictures as they are, 224 block5 mean", parts("as-it-is-224", ["block5 mean"]))
add("preprocessing", "224 chosen features", texture("plain-224"))

add("second moments", "224 block1 mean + deviation", parts("plain-224", ["block1 mean", "block1 deviation"]))
add("second moments", "320 block2 mean + deviation", parts("plain-320", ["block2 mean", "block2 deviation"]))
add("second moments", "320 block3 mean + deviation", parts("plain-320", ["block3 mean", "block3 deviation"]))
add("second moments", "320 block3 mean + spread over 7x7",
    parts("plain-320", ["block3 mean", "block3 spread over 7x7"]))
add("second moments", "320 block2 + block3 mean + deviation",
    parts("plain-320", ["block2 mean", "block2 deviation", "block3 mean", "block3 deviation"]))
add("second moments", "224 block4 mean + deviation", parts("plain-224", ["block4 mean", "block4 deviation"]))
add("second moments", "224 block5 mean + deviation", parts("plain-224", ["block5 mean", "block5 deviation"]))
CHOSEN = "320 chosen features (block2 + block3 mean + deviation, block3 spread over 7x7)"
add("second moments", CHOSEN, texture("plain-320"), runs=True)

add("joined blocks", "320 chosen features + 0.3 of 224 block1 mean + deviation",
    texture("plain-320") + parts("plain-224", ["block1 mean", "block1 deviation"], weight=0.3))
add("joined blocks", "320 chosen features + 0.3 of 224 block4 mean + deviation",
    texture("plain-320") + parts("plain-224", ["block4 mean", "block4 deviation"], weight=0.3))
add("joined blocks", "320 chosen features + 0.3 of 224 block5 7x7",
    texture("plain-320") + parts("plain-224", ["block5 7x7"], weight=0.3))
add("joined blocks", "320 chosen features + 224 block3 maximum",
    texture("plain-320") + parts("plain-224", ["block3 maximum"]))
add("joined blocks", "320 chosen features + those of 224", texture("plain-320") + texture("plain-224"))

CHANGED = ("jpeg75-320", "blur-320")
add("augmented views", "320 chosen features, copies at JPEG 75", texture("plain-320"), copies=CHANGED[:1],
    is_candidate=False)
add("augmented views", "320 chosen features, copies at JPEG 75 and blurred", texture("plain-320"), copies=CHANGED,
    is_candidate=False)

add("test-time views", "320 chosen features, JPEG 75 and blurred too", texture("plain-320"), test_views=CHANGED,
    is_candidate=False)
add("test-time views", "320 chosen features, JPEG 75 and blurred in training and test", texture("plain-320"),
    copies=CHANGED, test_views=CHANGED, is_candidate=False)

add("training data", "320 chosen features, four-class set alone", texture("plain-320"), trained_on="four-class set",
    is_candidate=False)
add("training data", "320 chosen features, pictures count alike", texture("plain-320"), balanced=False)
add("other rules", "320 chosen features, 15 nearest neighbours", texture("plain-320"), neighbours=15)
add("other rules", "224 block5 7x7, 15 nearest neighbours", parts("plain-224", ["block5 7x7"]), neighbours=15)

ENSEMBLES = [
    Ensemble("chosen 0.7, 224 block5 7x7 0.3", ((CHOSEN, 0.7), ("224 block5 7x7", 0.3))),
    Ensemble("chosen and 224 block5 7x7", ((CHOSEN, 0.5), ("224 block5 7x7", 0.5))),
    Ensemble("chosen and 224 block4 mean + deviation", ((CHOSEN, 0.5), ("224 block4 mean + deviation", 0.5))),
    Ensemble("chosen at 320 and at 224", ((CHOSEN, 0.5), ("224 chosen features", 0.5))),
]
