"""Images that pass a pipeline, or stop at a step that wants tensors."""

from __future__ import annotations

import pytest

from fixer.facts.data.collated import without_converter
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Array
from fixer.facts.transforms.pipelines import pipelines
from fixer.facts.transforms.transforms import Step

HEAD = "import torch\nfrom torchvision import transforms as T\n"


def left(steps: str) -> Step | Array | None:
    call = Script.parse(f"{HEAD}pipeline = T.Compose([{steps}])").run.calls[-1]
    return without_converter(next(pipelines(call.result)))


@pytest.mark.parametrize(
    "function",
    [
        "lambda x: x.mul(255)",
        "lambda t: (t * 2) - 1",
        "lambda x: 1 - x",
        "lambda x: x.view(-1)",
    ],
)
def test_a_lambda_that_computes_with_the_image_stops_it(function: str) -> None:
    stop = left(f"T.Resize(8), T.Lambda({function})")
    assert isinstance(stop, Step) and stop.name == "Lambda"


@pytest.mark.parametrize(
    "function",
    [
        "lambda image: image.convert('L')",
        "lambda image: image.resize((8, 8))",
        "lambda image: torch.tensor(list(image.getdata())) * 2",
        "lambda first, second: first * second",
        "convert",
    ],
)
def test_a_lambda_that_may_take_images_is_no_stop(function: str) -> None:
    assert left(f"T.Resize(8), T.Lambda({function})") is None


def test_what_comes_behind_a_converter_or_an_unknown_step_is_no_image() -> None:
    assert left("T.ToTensor(), T.Lambda(lambda x: x * 2)") is None
    assert left("mine, T.Lambda(lambda x: x * 2)") is None
    assert isinstance(left("T.Resize(8)"), Array)
