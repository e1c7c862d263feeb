"""What a program says it is about."""

from __future__ import annotations

import pytest

from fixer.facts.data.purpose import random_on_purpose


@pytest.mark.parametrize(
    "text",
    [
        "def tta_predict(model, images):",
        "n_views = 2",
        "model = simclr(resnet18())",
        "loss = contrastive(a, b)",
        "images = corrupt(images)",
        "# how robust it is to small turns\ntransform = RandomRotation(10)",
        '"""robustness to small rotations"""',
    ],
)
def test_random_on_purpose(text: str) -> None:
    assert random_on_purpose(text)


@pytest.mark.parametrize(
    "text",
    [
        "model = resnet18()",
        "# linear probe: following moco v3\nmodel = resnet18()",
        "parser.add_argument('--wd', help='weight decay, as in moco v1')",
        "def fgsm_attack(image, epsilon):\n    perturbed = image + epsilon * sign",
    ],
)
def test_others_are_only_named(text: str) -> None:
    assert not random_on_purpose(text)
