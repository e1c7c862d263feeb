import ast

import pytest

from fixer.facts.program.names import Names, canonical


def names(text: str) -> Names:
    return Names(ast.parse(text))


@pytest.mark.parametrize(
    ("dotted", "documented"),
    [
        ("torch.utils.data.dataloader.DataLoader", "torch.utils.data.DataLoader"),
        ("torch.optim.sgd.SGD", "torch.optim.SGD"),
        ("torch.optim.lr_scheduler.StepLR", "torch.optim.lr_scheduler.StepLR"),
        ("torch.nn.modules.loss.MSELoss", "torch.nn.MSELoss"),
        ("torchvision.transforms.transforms.Resize", "torchvision.transforms.Resize"),
        ("torchvision.transforms.v2.Resize", "torchvision.transforms.v2.Resize"),
        ("torchvision.datasets.mnist.MNIST", "torchvision.datasets.MNIST"),
    ],
)
def test_a_thing_reached_by_several_names_has_one(dotted: str, documented: str) -> None:
    assert canonical(dotted) == documented


@pytest.mark.parametrize(
    ("imports", "expression", "dotted"),
    [
        ("import torch", "torch.optim.SGD", "torch.optim.SGD"),
        ("import torch.optim as optim", "optim.SGD", "torch.optim.SGD"),
        ("from torch import optim as o", "o.Adam", "torch.optim.Adam"),
        ("from torch.optim.adam import Adam", "Adam", "torch.optim.Adam"),
        ("def f():\n    from torch.optim import SGD", "SGD", "torch.optim.SGD"),
        ("from . import data", "data.load", ".data.load"),
        ("import numpy", "torch.optim.SGD", None),
        ("import torch", "torch.load('x').optim", None),
    ],
)
def test_dotted_names_follow_imports(imports: str, expression: str, dotted: str | None) -> None:
    assert names(imports).dotted(ast.parse(expression, mode="eval").body) == dotted


@pytest.mark.parametrize(
    ("imports", "spelling"),
    [
        ("from torchvision import transforms", "transforms.ToPILImage"),
        ("import torchvision.transforms as T", "T.ToPILImage"),
        ("from torchvision.transforms import ToPILImage, Compose", "ToPILImage"),
        ("from torchvision.transforms import Compose", None),
        ("import torchvision", "torchvision.transforms.ToPILImage"),
        ("import torchvision.datasets", None),
        ("import torchvision\nfrom torchvision import transforms", "transforms.ToPILImage"),
        ("def f():\n    from torchvision import transforms", None),
    ],
)
def test_spelling_uses_what_the_file_imports_at_its_top(imports: str, spelling: str | None) -> None:
    assert names(imports).spelling("torchvision.transforms.ToPILImage") == spelling


def test_a_fresh_name_avoids_every_name_of_the_file() -> None:
    assert names("class Wrapper: ...\ndef Wrapper2(): ...").fresh("Wrapper") == "Wrapper3"
    assert names("x = 1").fresh("Wrapper") == "Wrapper"
