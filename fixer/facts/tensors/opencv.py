"""What functions of OpenCV make of an image: (height, width) or (height, width, channels)."""

from __future__ import annotations

import re

from fixer.facts.program.values import Arguments, Imported, Items, Value
from fixer.facts.tensors.array_kinds import Array, Library, Shape
from fixer.facts.tensors.sizes import whole

_SAME = frozenset({"flip", "blur", "GaussianBlur", "medianBlur", "bilateralFilter", "add", "subtract", "addWeighted"})
_COLOURS = re.compile(r"cv2\.COLOR_(BGR|RGB|LAB|HSV|YCrCb|GRAY)2(BGR|RGB|LAB|HSV|YCrCb|GRAY)$", re.IGNORECASE)


def of_opencv(name: str, known: Array, arguments: Arguments) -> Array:
    """`cv2.resize(image, (w, h))`, `cv2.cvtColor(image, cv2.COLOR_BGR2RGB)`; of others only the type is known."""
    return Array(Library.NUMPY, known.dtype, _shape(name, known.shape, arguments))


def _shape(name: str, shape: Shape | None, arguments: Arguments) -> Shape | None:
    if shape is None or len(shape) not in (2, 3) or not arguments.complete:
        return None
    if name in _SAME:
        return shape
    if name == "cvtColor":
        return _recoloured(shape, arguments.get(1, "code"))
    size = arguments.get(1, "dsize")
    if name != "resize" or shape[2:] in ((1,), (None,)):
        return None  # it takes away the dimension of one channel
    known = [whole(each) for each in size.items] if isinstance(size, Items) and size.known else [None, None]
    return (known[1], known[0], *shape[2:]) if len(known) == 2 else None


def _recoloured(shape: Shape, code: Value | None) -> Shape | None:
    found = _COLOURS.match(code.dotted) if isinstance(code, Imported) else None
    if found is None:
        return None
    return shape[:2] if found[2].upper() == "GRAY" else (*shape[:2], 3)
