"""Shapes of what OpenCV makes of a picture."""

from __future__ import annotations

import pytest

from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Shape
from fixer.facts.tensors.arrays import array

READ = "import cv2\nimport numpy as np\nimage = cv2.imread(path)\nx = {}\n"


@pytest.mark.parametrize(
    ("made", "shape"),
    [
        ("image[:, :, ::-1]", (None, None, 3)),
        ("image[::-1]", (None, None, 3)),
        ("image[..., ::-1]", (None, None, 3)),
        ("image[:, :, ::-2]", (None, None, None)),
        ("image[:, :, 1::-1]", (None, None, None)),
        ("cv2.cvtColor(image, cv2.COLOR_BGR2RGB)", (None, None, 3)),
        ("cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)", (None, None)),
        ("cv2.cvtColor(image, code)", None),
        ("cv2.resize(image, (64, 48))", (48, 64, 3)),
        ("cv2.resize(image, dsize=(64, 48))", (48, 64, 3)),
        ("cv2.resize(image, size)", (None, None, 3)),
        ("cv2.resize(image[:, :, :1], (64, 48))", None),
        ("cv2.resize(np.zeros((9, 9), dtype='uint8'), (4, 6))", (6, 4)),
        ("cv2.flip(image, 1)", (None, None, 3)),
        ("cv2.warpAffine(image, matrix, (64, 48))", None),
        ("cv2.imread(path, 0)", None),
    ],
)
def test_shapes(made: str, shape: Shape | None) -> None:
    known = array(Script.parse(READ.format(made)).run.module.get("x"))
    assert known is not None and known.shape == shape
