"""Which orders of transforms are wrong, held against torchvision itself, and what they become."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
import torch
import torchvision.transforms as T
from PIL import Image
from torchvision.transforms import v2

from fixer.codemods.data.missing_to_pil_image import missing_to_pil_image
from fixer.codemods.data.transform_order import transform_order
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Diagnostic, Fixed, Found

HEAD = """import torch
import torchvision.transforms as T
from torchvision.datasets import FakeData
from torchvision.transforms import v2

"""
PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8))
SAMPLES = (PICTURE, np.asarray(PICTURE), torch.rand(3, 16, 16), torch.zeros(3, 16, 16, dtype=torch.uint8))
STEPS = (
    "T.ToTensor()",
    "T.Normalize([0.5] * 3, [0.5] * 3)",
    "T.RandomErasing(p=1.0)",
    "T.RandomPosterize(4, p=1.0)",
    "T.Resize(8)",
)


def findings(body: str) -> tuple[Diagnostic, ...]:
    result = check_source(HEAD + body, rules=[transform_order])
    assert isinstance(result, Found | Clean), result
    return result.diagnostics if isinstance(result, Found) else ()


def fixed(body: str) -> str:
    result = fix_source(HEAD + body, rules=[transform_order])
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(HEAD)


def gets_through(pipeline: Any, sample: Any) -> bool:
    try:
        pipeline(sample.clone() if isinstance(sample, torch.Tensor) else sample)
    except (TypeError, AttributeError):
        return False
    return True


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("steps", [*permutations(STEPS, 4)], ids=lambda steps: " ".join(each[2:6] for each in steps))
def test_reported_is_what_nothing_gets_through_and_the_mend_lets_an_image_through(steps: tuple[str, ...]) -> None:
    code = f"T.Compose([{', '.join(steps)}])"
    works = any(gets_through(eval(code, {"T": T}), sample) for sample in SAMPLES)
    found = findings(f"t = {code}\n")
    if "ToTensor" not in code:  # then the order is not what is wrong
        assert not found
        return
    assert bool(found) == (not works)
    if found:
        mended = fixed(f"t = {code}\n").removeprefix("t = ")
        assert gets_through(eval(mended, {"T": T}), PICTURE)
        assert sorted(mended) == sorted(code + "\n")
        assert not findings(f"t = {mended}")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("v2.Normalize([0.5] * 3, [0.5] * 3), v2.ToTensor()", "v2.ToTensor(), v2.Normalize([0.5] * 3, [0.5] * 3)"),
        (
            "v2.ToImage(), v2.Normalize([0.5] * 3, [0.5] * 3), v2.ToDtype(torch.float32, scale=True)",
            "v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5] * 3, [0.5] * 3)",
        ),
    ],
)
def test_images_from_a_dataset_of_torchvision_decide_on_v2(steps: str, expected: str) -> None:
    pipeline = f"t = v2.Compose([{steps}])\n"
    use = "data = FakeData(transform=t)\n"
    assert not findings(pipeline)  # whether floats or images come is not known
    assert not gets_through(eval(pipeline[4:], {"v2": v2, "torch": torch}), PICTURE)
    assert fixed(pipeline + use) == f"t = v2.Compose([{expected}])\n{use}"
    assert gets_through(eval(f"v2.Compose([{expected}])", {"v2": v2, "torch": torch}), PICTURE)


def test_who_else_gets_a_v2_pipeline_is_asked() -> None:
    body = "t = v2.Compose([v2.Normalize([0.5], [0.5]), v2.ToTensor()])\ndata = FakeData(transform=t)\n"
    assert findings(body)
    assert not findings(body + "train_on(t)\n")
    assert not findings(body + "print(t(torch.rand(1, 8, 8)))\n")


def test_comments_move_with_their_steps() -> None:
    body = """t = T.Compose([
    # to the mean of the training set
    T.Normalize([0.5], [0.5]),  # both
    T.ToTensor()  # floats
])
"""
    assert (
        fixed(body)
        == """t = T.Compose([
    T.ToTensor(),  # floats
    # to the mean of the training set
    T.Normalize([0.5], [0.5]),  # both
])
"""
    )


@pytest.mark.parametrize(
    "body",
    [
        "steps = [T.Normalize(0.5, 0.5), T.ToTensor()]\nt = T.Compose(steps)\n",
        "first = T.Compose([T.Resize(4), T.Normalize(0.5, 0.5)])\nt = T.Compose([first, T.ToTensor()])\n",
    ],
)
def test_steps_that_are_written_somewhere_else_are_reported_but_not_moved(body: str) -> None:
    (finding,) = findings(body)
    assert finding.fix is None


def test_float_tensors_that_are_seen_to_come_belong_to_another_rule() -> None:
    body = "t = T.Compose([T.Normalize([0.5], [0.5]), T.ToTensor()])\nprint(t(torch.rand(1, 8, 8)))\n"
    assert not findings(body)
    result = check_source(HEAD + body, rules=[missing_to_pil_image])
    assert isinstance(result, Found)
