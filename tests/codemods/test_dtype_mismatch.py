"""dtype-mismatch, beyond its corpus: where the cast goes, and when nothing is said."""

from __future__ import annotations

import pytest

from fixer.codemods.data.dtype_mismatch import dtype_mismatch
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found

PRELUDE = """\
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, TensorDataset
"""


def mended(body: str) -> str:
    result = fix_source(PRELUDE + body, rules=[dtype_mismatch])
    assert isinstance(result, Fixed), result
    return result.fixed.removeprefix(PRELUDE)


def test_a_cast_to_double_becomes_one_to_float() -> None:
    body = "x = torch.randn(8, 3).double()\nnn.Linear(3, 1)(x)\n"
    assert mended(body) == body.replace("double", "float")


def test_a_sum_is_put_in_parentheses() -> None:
    body = "y = torch.randint(0, 2, (8,)) + torch.randint(0, 1, (8,))\nF.binary_cross_entropy_with_logits(net(a), y)\n"
    assert "y = (torch.randint(0, 2, (8,)) + torch.randint(0, 1, (8,))).float()" in mended(body)


def test_the_layer_behind_others_of_a_sequential_is_seen() -> None:
    body = "x = torch.from_numpy(np.random.rand(8, 2, 3))\nnn.Sequential(nn.Flatten(), nn.Linear(6, 1))(x)\n"
    assert "torch.from_numpy(np.random.rand(8, 2, 3)).float()" in mended(body)


@pytest.mark.parametrize(
    "use",
    ["z = table[y]\n", "z = nn.Embedding(2, 4)(y)\n", "z = F.one_hot(y)\n", "z = F.cross_entropy(net(x), y)\n"],
)
def test_a_tensor_that_something_else_needs_as_it_is_is_cast_at_the_loss(use: str) -> None:
    body = f"x = torch.randn(8, 3)\ny = torch.randint(0, 2, (8,))\n{use}F.binary_cross_entropy(net(x), y)\n"
    body = "net = nn.Sequential(nn.Linear(3, 2))\n" + body
    assert mended(body).endswith("F.binary_cross_entropy(net(x), y.float())\n")


def test_fractions_are_not_made_class_numbers() -> None:
    body = "net = nn.Linear(3, 4)\nx, y = torch.randn(8, 3), torch.rand(8)\nloss = nn.CrossEntropyLoss()(net(x), y)\n"
    result = check_source(PRELUDE + body, rules=[dtype_mismatch])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]


def test_training_and_evaluation_on_the_same_data_are_one_finding() -> None:
    body = """\
x = torch.from_numpy(np.random.rand(8, 3))
net = nn.Linear(3, 1)
for epoch in range(3):
    net(x).sum().backward()
with torch.no_grad():
    print(net(x))
"""
    result = check_source(PRELUDE + body, rules=[dtype_mismatch])
    assert isinstance(result, Found) and len(result.diagnostics) == 1


@pytest.mark.parametrize(
    "body",
    [
        # the model is cast, on one path at least
        "net = nn.Linear(3, 1)\nif big:\n    net.double()\nnet(torch.from_numpy(np.random.rand(8, 3)))\n",
        "net = nn.Linear(3, 1)\nnet.to(dtype)\nnet(torch.from_numpy(np.random.rand(8, 3)))\n",
        "net = nn.Linear(3, 1, dtype=torch.double)\nnet(torch.from_numpy(np.random.rand(8, 3)))\n",
        # a demonstration, and a test on the type
        "try:\n    nn.Linear(3, 1)(torch.ones(8, 3).long())\nexcept RuntimeError as error:\n    print(error)\n",
        "x = torch.ones(8, 3).long()\nif not isinstance(x, torch.FloatTensor):\n    nn.Linear(3, 1)(x)\n",
        # probabilities of classes; targets whose rank nobody knows
        "F.cross_entropy(nn.Linear(3, 4)(torch.ones(8, 3)), torch.rand(8, 4))\n",
        "def loss(net, x, y):\n    return F.cross_entropy(net(x), y.float())\n",
        # promoted
        "F.mse_loss(nn.Linear(3, 1)(torch.ones(8, 3)), torch.ones(8, 1).double())\n",
        "F.binary_cross_entropy_with_logits(nn.Linear(3, 1)(torch.ones(8, 3)), torch.ones(8, 1).double())\n",
        "F.cross_entropy(nn.Linear(3, 4)(torch.ones(8, 3)), torch.ones(8).byte())\n",
        # the loader raises before
        "x = torch.ones(8, 3).long()\nfor (a,) in DataLoader(TensorDataset(x), transform=f):\n    nn.Linear(3, 1)(a)\n",
    ],
)
def test_nothing_is_said_where_it_may_be_right(body: str) -> None:
    assert isinstance(check_source(PRELUDE + body, rules=[dtype_mismatch]), Clean)


ACT = "def act(network: nn.Module, state):\n    state = torch.tensor(state[None], dtype=torch.float64)\n"


def test_a_model_that_the_file_is_given_is_of_the_type_of_its_own_layers() -> None:
    body = ACT + "    return network(state)\n\nown = nn.Linear(3, 2)\n"
    assert mended(body) == body.replace("float64", "float32")
    of_an_object = (
        "class Player:\n    def act(self, state):\n        return self.model(state.double())\n\nnn.Linear(3, 2)\n"
    )
    assert mended(of_an_object) == of_an_object.replace("double", "float")


@pytest.mark.parametrize(
    "body",
    [
        ACT + "    return network(state)\n",  # nothing shows what models are made of here
        ACT + "    return network(state)\n\nown = nn.Linear(3, 2, dtype=torch.float64)\n",
        ACT + "    return network(state)\n\nown = nn.Linear(3, 2).to(torch.float64)\n",
        ACT + "    return sample(state)\n\nown = nn.Linear(3, 2)\n",
    ],
)
def test_a_model_that_may_be_of_doubles_is_left_alone(body: str) -> None:
    assert isinstance(check_source(PRELUDE + body, rules=[dtype_mismatch]), Clean)


def test_a_cast_to_integers_or_to_float32_is_none_of_a_model() -> None:
    body = "def f(a, b):\n    return a.type(torch.LongTensor), b.to(torch.float32)\n\n"
    use = "net = nn.Linear(3, 2)\nnet(torch.randn(4, 3).double())\n"
    assert mended(body + use) == body + use.replace("double", "float")


def test_an_embedding_takes_whole_numbers() -> None:
    body = "words = torch.tensor([[0.0, 1.0]])\nnn.Embedding(5, 2)(words)\n"
    assert "dtype=torch.long" in mended(body)
    assert isinstance(check_source(PRELUDE + body.replace("(words)", "(words.long())"), rules=[dtype_mismatch]), Clean)


def test_one_of_several_models_is_enough() -> None:
    body = (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.out = nn.Linear(3, 2)\n    def forward(self, x, y):\n        return self.out(y)\n\n"
        "net = Net()\nif not cached:\n    net = load(net)\nnet(1, torch.tensor([[1, 2, 3]], dtype=torch.float64))\n"
    )
    assert mended(body) == body.replace("float64", "float32")


WORDS = """\
class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = nn.Embedding(9, 4)
        self.out = nn.Linear(4, 1)

    def forward(self, x):
        return torch.sigmoid(torch.stack([self.out(each) for each in self.rows(x)]))

"""


def test_what_comes_of_an_embedding_and_layers_behind_it_is_float32() -> None:
    data = "words, labels = torch.randint(0, 9, (8, 3)), torch.randint(0, 2, (3,))\n"
    body = WORDS + data + "net = Words()\nout = net(words)\nnn.BCELoss()(out.squeeze(), labels.double())\n"
    assert mended(body) == body.replace("double", "float")
    other = body.replace("self.out(each)", "self.out(each).double()")
    assert isinstance(check_source(PRELUDE + other, rules=[dtype_mismatch]), Clean)


DECODER = """\
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = nn.Embedding(9, 4)
        self.out = nn.Linear(4, 9)

    def forward(self, word):
        return self.out(self.rows(word).view(1, 4))

decoder = Decoder()
"""


def test_the_first_round_of_a_loop_gets_what_stands_before_it() -> None:
    loop = "for step in range(4):\n    scores = decoder(word)\n    word = scores.argmax(1)\n"
    start = "word = torch.FloatTensor([0])\nif torch.cuda.is_available():\n    word = word.cuda()\n"
    result = check_source(PRELUDE + DECODER + start + loop, rules=[dtype_mismatch])
    assert isinstance(result, Found)
    maybe = "word = torch.FloatTensor([0])\nif whole:\n    word = word.long()\n"
    assert isinstance(check_source(PRELUDE + DECODER + maybe + loop, rules=[dtype_mismatch]), Clean)
