"""The numbers of features at the ends of torchvision's models, held against the models."""

from __future__ import annotations

import pytest
import torch
from torchvision import models

from fixer.facts.modules.heads import HEADS, new_heads
from fixer.facts.script import Script

_MODEL = "import torch.nn as nn\nfrom torchvision import models\nnet = models.{}()\n"


@pytest.mark.parametrize("name", sorted(HEADS))
def test_the_model_gives_its_last_layers_so_many_features(name: str) -> None:
    extra = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    with torch.device("meta"):
        model = getattr(models, name)(weights=None, **extra)
        layers = dict(model.named_modules())
    for place, features in HEADS[name].items():
        layer = layers[place.replace("[", ".").rstrip("]")]
        if isinstance(layer, torch.nn.Sequential):  # all of it: what its first Linear is given
            layer = next(each for each in layer if isinstance(each, torch.nn.Linear))
        assert isinstance(layer, torch.nn.Linear)
        assert layer.in_features == features


@pytest.mark.parametrize(
    ("name", "lines", "found"),
    [
        ("resnet18", "net.fc = nn.Linear(512, 3)", ["fc"]),
        ("resnet18", "net.fc = nn.Sequential(nn.Dropout(), nn.Linear(9, 3), nn.ReLU(), nn.Linear(3, 2))", ["fc"]),
        ("resnet18", "net.conv1 = nn.Conv2d(1, 64, 7)\nnet.fc = nn.Linear(512, 3)", ["fc"]),
        ("resnet18", "net.layer4 = nn.Identity()\nnet.fc = nn.Linear(256, 3)", []),
        ("resnet18", "net.fc = nn.Identity()\nhead = nn.Linear(64, 3)", []),
        ("resnet18", "net.fc = nn.Sequential(nn.LazyLinear(40), nn.Linear(40, 3))", []),
        ("vgg16", "net.classifier[6] = nn.Linear(4096, 3)", ["classifier[6]"]),
        ("vgg16", "net.classifier[3] = nn.Linear(4096, 99)\nnet.classifier[6] = nn.Linear(99, 3)", []),
        ("vgg16", "net.avgpool = nn.AdaptiveAvgPool2d(1)\nnet.classifier = nn.Linear(512, 3)", []),
        ("squeezenet1_0", "net.classifier[1] = nn.Conv2d(512, 3, 1)", []),
    ],
)
def test_new_layers_in_an_unchanged_model(name: str, lines: str, found: list[str]) -> None:
    assert [each.place for each in new_heads(Script.parse(_MODEL.format(name) + lines))] == found


HUB = """\
import torch
net = torch.hub.load("pytorch/vision:v0.11.0", "mobilenet_v3_small", pretrained=False)
net.classifier[-1] = torch.nn.Linear({size}, 10)
"""


def test_a_model_from_the_hub_and_its_last_layer() -> None:
    heads = list(new_heads(Script.parse(HUB.format(size=1024))))
    assert [(each.model, each.place, each.features) for each in heads] == [
        ("mobilenet_v3_small", "classifier[-1]", 1024)
    ]
    other = HUB.format(size=1024).replace("pytorch/vision:v0.11.0", "me/models")
    assert not list(new_heads(Script.parse(other)))
