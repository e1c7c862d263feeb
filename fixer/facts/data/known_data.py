"""Data sets of which the library's documentation gives the shape: scikit-learn's, by loader and by generator."""

from __future__ import annotations

from fixer.facts.program.values import Literal, Made, Value
from fixer.facts.tensors.array_kinds import Array, Library, Shape
from fixer.facts.tensors.sizes import whole

# https://scikit-learn.org/stable/datasets/toy_dataset.html: rows, features, whether the target is a class
_LOADED = {
    "load_iris": (150, 4, True),
    "load_wine": (178, 13, True),
    "load_breast_cancer": (569, 30, True),
    "load_digits": (1797, 64, True),
    "load_diabetes": (442, 10, False),
    "fetch_california_housing": (20640, 8, False),
}
# rows, features (None: the argument n_features), the default of both, whether the target is a class
_GENERATED = {
    "make_classification": (100, 20, True),
    "make_regression": (100, 100, False),
    "make_blobs": (100, 2, True),
    "make_moons": (100, None, True),
    "make_circles": (100, None, True),
}

_DIGITS = frozenset({"MNIST", "FashionMNIST", "KMNIST", "QMNIST", "EMNIST"})


def known_data(base: Value, key: object) -> Array | None:
    """The part `key` (0 or "data", 1 or "target") of scikit-learn's data, or the pictures of MNIST."""
    module, _, name = ((base.dotted or "") if isinstance(base, Made) else "").rpartition(".")
    if module == "torchvision.datasets" and name in _DIGITS and key in ("data", "train_data", "test_data"):
        return Array(Library.TORCH, "uint8", (None, 28, 28))
    if module != "sklearn.datasets" or not isinstance(base, Made) or not base.arguments.complete:
        return None
    if name in _LOADED:
        pair = base.arguments.get(None, "return_X_y")
        as_pair = isinstance(pair, Literal) and pair.value is True
        part = {0: "data", 1: "target"}.get(key) if as_pair and isinstance(key, int) else key
        if base.arguments.get(None, "as_frame") or base.arguments.get(None, "n_class"):
            return None
        return _part(part, *_LOADED[name])
    if name not in _GENERATED or not isinstance(key, int):
        return None
    rows, features, classes = _GENERATED[name]
    count = _given(base, 0, "n_samples", rows)
    width = 2 if features is None else _given(base, 1, "n_features", features)
    if "n_targets" in base.arguments.keywords:
        classes, rows = False, 0
        return _part("data", count, width, classes) if key == 0 else None
    return _part({0: "data", 1: "target"}.get(key), count, width, classes)


def _given(made: Made, position: int, name: str, default: int) -> int | None:
    value = made.arguments.get(position, name)
    return default if value is None else whole(value)


def _part(part: object, rows: int | None, features: int | None, classes: bool) -> Array | None:
    shapes: dict[object, tuple[Shape, str]] = {
        "data": ((rows, features), "float64"),
        "target": ((rows,), "int64" if classes else "float64"),
    }
    if part not in shapes:
        return None
    shape, dtype = shapes[part]
    return Array(Library.NUMPY, dtype, shape)
