"""Random stacks of layers and of tensor functions: what the facts say of them, held against torch itself."""

from __future__ import annotations

import textwrap
import warnings
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from fixer.facts.modules.forwards import LayerCall
from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.program.values import Value
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Array
from fixer.facts.tensors.arrays import array

HEADER = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
small = st.integers(1, 3)
Draw = Any


def meta(text: str, device: str = "meta", **values: object) -> Any:
    """Evaluate an expression on tensors without data. There torch forgets some of its checks, so `device`."""
    with torch.device(device), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(text, {"torch": torch, "nn": nn, "F": functional, **values})


def said(text: str, name: str = "out") -> Array | None:
    return array(value(Script.parse(HEADER + text), name))


def value(script: Script, name: str) -> Value:
    return script.run.module.values[name]


def agrees(known: Array | None, real: torch.Tensor, complete: bool = True) -> None:
    """Nothing said is wrong; `complete`: and all is said."""
    assert known is not None or not complete
    if known is None:
        return
    assert known.dtype in (None, str(real.dtype).removeprefix("torch."))
    if known.shape is not None:
        assert len(known.shape) == real.ndim
        assert all(each in (None, size) for each, size in zip(known.shape, real.shape, strict=True))
    if complete:
        assert known.shape == tuple(real.shape)
        assert known.dtype is not None


def wrong_now_and_then(draw: Draw, right: int) -> int:
    return int(draw(st.sampled_from([right] * 12 + [right + 1, max(1, right - 1)])))


def window(draw: Draw, *, dilated: bool) -> str:
    """The arguments that convolutions and pooling share: kernel, stride, padding, dilation."""
    kernel = draw(st.integers(1, 5))
    text = f"{kernel}, stride={draw(small)}, padding={draw(st.integers(0, kernel // 2))}"
    return text + (f", dilation={draw(st.integers(1, 2))}" if dilated else "")


def convolution(draw: Draw, rank: int, channels: int) -> str:
    name = draw(st.sampled_from(["Conv", "Conv", "ConvTranspose"]))
    wanted, made = wrong_now_and_then(draw, channels), draw(st.integers(1, 6))
    if name == "Conv" and draw(st.booleans()):
        return f"nn.Conv{rank}d({wanted}, {made}, {draw(st.integers(1, 4))}, padding='same')"
    extra = ", output_padding=1, stride=2" if name == "ConvTranspose" and draw(st.booleans()) else ""
    return f"nn.{name}{rank}d({wanted}, {made}, {window(draw, dilated=True) if not extra else 3}{extra})"


def spatial(draw: Draw, shape: torch.Size) -> str:
    """A layer for a batch of signals, images or volumes."""
    rank = len(shape) - 2
    n = f"{rank}d"
    choices = [
        lambda: convolution(draw, rank, shape[1]),
        lambda: convolution(draw, rank, shape[1]),
        lambda: f"nn.MaxPool{n}({window(draw, dilated=True)}, ceil_mode={draw(st.booleans())})",
        lambda: f"nn.AvgPool{n}({window(draw, dilated=False)}, ceil_mode={draw(st.booleans())})",
        lambda: f"nn.MaxPool{n}({draw(small)})",
        lambda: f"nn.AdaptiveAvgPool{n}({draw(small)})",
        lambda: f"nn.AdaptiveMaxPool{n}({draw(small)})",
        lambda: f"nn.BatchNorm{n}({wrong_now_and_then(draw, shape[1])})",
        lambda: f"nn.GroupNorm(1, {wrong_now_and_then(draw, shape[1])})",
        lambda: f"nn.Upsample(scale_factor={draw(st.sampled_from([2, 3, 1.5]))})",
        lambda: f"nn.ZeroPad{n}({draw(small)})",
        lambda: f"nn.ConstantPad{n}({draw(small)}, 0.5)",
        lambda: draw(st.sampled_from(["nn.ReLU()", "nn.Dropout(0.1)", "nn.Identity()", "nn.GELU()"])),
        lambda: f"nn.Flatten({draw(st.sampled_from(['', '1', '2', '1, 2', 'start_dim=-2']))})",
        lambda: f"nn.Linear({wrong_now_and_then(draw, shape[-1])}, {draw(small)})",
    ]
    return str(draw(st.sampled_from(choices))())


def flat(draw: Draw, shape: torch.Size) -> str:
    """A layer for vectors and sequences of them."""
    width = shape[-1]
    choices = [
        lambda: f"nn.Linear({wrong_now_and_then(draw, width)}, {draw(st.integers(1, 9))})",
        lambda: f"nn.LayerNorm({wrong_now_and_then(draw, width)})",
        lambda: draw(st.sampled_from(["nn.Tanh()", "nn.Sigmoid()", "nn.LeakyReLU(0.2)", "nn.Softmax(dim=-1)"])),
        lambda: f"nn.Unflatten(-1, ({width}, 1))",
        lambda: f"nn.BatchNorm1d({wrong_now_and_then(draw, shape[1])})" if len(shape) == 2 else "nn.Flatten()",
    ]
    return str(draw(st.sampled_from(choices))())


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_stack_of_layers_gives_what_is_said_or_raises_where_it_is_said(data: st.DataObject) -> None:
    draw = data.draw
    rank = draw(st.integers(0, 3))
    sizes = [2, draw(small), *(draw(st.integers(4, 12)) for _ in range(rank))]
    x, layers, raised = meta(f"torch.randn({sizes})", "cpu"), list[str](), False
    for _ in range(draw(st.integers(1, 7))):
        layers.append((spatial if 3 <= x.ndim <= 5 else flat)(draw, x.shape))
        try:
            x = meta(f"{layers[-1]}(x)", "cpu", x=x)
        except (RuntimeError, ValueError, IndexError):
            raised = True
            break
    text = f"{HEADER}x = torch.randn({sizes})\nnet = nn.Sequential({', '.join(layers)})\nout = net(x)\n"
    script = Script.parse(text)
    calls = layer_calls(script)
    assert [each.misfit is not None for each in calls] == [False] * (len(layers) - 1) + [raised], text
    if not raised:
        agrees(array(value(script, "out")), x)


EXPRESSIONS = """
x.view(2, -1)
x.view(-1, 4 * 6)
x.reshape(x.size(0), -1)
x.reshape((x.shape[0], x.shape[1], -1))
x.flatten()
x.flatten(1)
x.flatten(start_dim=2)
torch.flatten(x, 1, 2)
x.unflatten(1, (3, 1))
x.permute(0, 2, 3, 1)
x.transpose(1, 3)
x.transpose(-1, -2).contiguous()
torch.permute(x, (3, 0, 1, 2))
x.mT
x.unsqueeze(1).squeeze()
x.unsqueeze(-1).squeeze(-1)
x[:1].squeeze(0)
torch.unsqueeze(x, 2)
x.mean()
x.mean(1)
x.sum(dim=(2, 3))
x.sum(-1, keepdim=True)
x.argmax(1)
torch.max(x)
torch.mean(x, dim=[2, 3])
torch.cat([x, x], 1)
torch.cat((x, x[:, :1]), dim=1)
torch.stack([x, x], dim=1)
x + x.mean(1, keepdim=True)
x * 2 - 1
1 / (x + 1)
x > 0.5
x @ torch.randn(6, 7)
torch.matmul(x, torch.randn(6, 7))
torch.bmm(x[:, 0], x[:, 1].transpose(1, 2))
x.expand(2, 3, 4, 6)
x[:, :1].expand(-1, 5, -1, -1)
x.repeat(1, 2, 1, 1)
x[0]
x[:, 0]
x[..., 0]
x[:, 1:, ::2, None]
x[-1:]
x.to(torch.float64)
x.long()
x.double() + x
x.long() + x
x.int().sum()
torch.relu(x)
torch.sigmoid(x.long())
F.relu(x)
F.softmax(x, dim=1)
F.log_softmax(x.flatten(1), dim=1)
F.dropout(x, 0.5)
F.max_pool2d(x, 2)
F.max_pool2d(x, 3, 2, 1)
F.avg_pool2d(x, (2, 3))
F.avg_pool2d(x, x.size(2), stride=1)
F.adaptive_avg_pool2d(x, 1)
F.adaptive_max_pool2d(x, (2, None))
F.interpolate(x, scale_factor=2)
F.interpolate(x, size=(5, 5))
F.pad(x, (1, 2))
F.pad(x, [1, 1, 2, 2])
F.one_hot(torch.randint(0, 9, (4, 5)), 9)
torch.zeros(2, 3, dtype=torch.long)
torch.arange(5)
torch.arange(5, dtype=torch.float32)
torch.linspace(0, 1, 7)
torch.randperm(9)
torch.eye(3)
torch.full((2, 3), 1.5)
torch.tensor([[1, 2], [3, 4]])
torch.tensor([1.0, 2])
torch.tensor([True, False])
torch.ones_like(x)
torch.zeros(x.shape[0], x.size(-1))
nn.LSTM(6, 5, batch_first=True)(x[:, 0])[0]
nn.LSTM(6, 5, batch_first=True, bidirectional=True)(x[:, 0])[0][:, -1]
nn.GRU(6, 5, num_layers=2)(x[:, 0])[1]
nn.LSTM(6, 5, num_layers=2, bidirectional=True)(x[:, 0])[1][0]
nn.RNN(6, 5)(x[0, 0])[0]
nn.GRUCell(6, 5)(x[0, 0])
nn.Embedding(9, 4)(torch.randint(0, 9, (4, 5)))
nn.TransformerEncoderLayer(6, 2)(x[0])
nn.PixelShuffle(2)(x.repeat(1, 4, 1, 1))
nn.GLU()(x)
""".strip().splitlines()


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_functions_of_tensors_give_what_is_said(text: str) -> None:
    agrees(said(f"x = torch.randn(2, 3, 4, 6)\nout = {text}\n"), meta(text, x=meta("torch.randn(2, 3, 4, 6)")))


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(EXPRESSIONS[:68]), min_size=2, max_size=6))
def test_functions_one_after_the_other_give_nothing_wrong(chosen: list[str]) -> None:
    """In a `forward`, where each takes what the one before gives."""
    x = meta("torch.randn(2, 3, 4, 6)")
    for each in chosen:
        try:
            x = meta(each, x=x)
        except (RuntimeError, ValueError, IndexError, TypeError, NotImplementedError):
            return  # not a program that runs
    body = "\n".join(f"        x = {each}" for each in chosen)
    text = f"class Net(nn.Module):\n    def forward(self, x):\n{body}\n        return x\n"
    agrees(said(f"{text}out = Net()(torch.randn(2, 3, 4, 6))\n"), x, complete=False)


def records(text: str) -> list[LayerCall]:
    return layer_calls(Script.parse(HEADER + textwrap.dedent(text)))


NET = """
    class Block(nn.Module):
        def __init__(self, i, o, down=None):
            super().__init__()
            self.conv = nn.Conv2d(i, o, 3, padding=1)
            self.down = down

        def forward(self, x):
            y = F.relu(self.conv(x))
            if self.down is not None:
                x = self.down(x)
            return y + x

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.front = Block(1, 8, nn.Conv2d(1, 8, 1))
            self.rest = nn.Sequential(Block(8, 8), nn.MaxPool2d(2))
            self.head = nn.Linear(8 * 14 * 14, 10)

        def forward(self, x):
            x = self.rest(self.front(x))
            return self.head(x.view(x.size(0), -1))

    net = Net()
"""


def test_blocks_of_the_file_are_followed_with_what_each_was_made_with() -> None:
    found = [each for each in records(NET + "    out = net(torch.randn(5, 1, 28, 28))\n") if each.input is not None]
    shapes = [
        each.output.shape for each in found if each.output and each.input and None not in (each.input.shape or [None])
    ]
    assert shapes == [(5, 8, 28, 28), (5, 8, 28, 28), (5, 8, 28, 28), (5, 8, 14, 14), (5, 10)]
    assert all(each.misfit is None and each.certain for each in found)


def test_a_model_that_nothing_feeds_still_tells_how_its_layers_fit() -> None:
    found = records(NET.replace("Block(8, 8)", "Block(16, 8)"))
    misfits = [each.misfit for each in found if each.misfit]
    assert {(each.wanted, each.got) for each in misfits} == {(16, 8)}


def test_layers_behind_a_test_on_the_input_are_not_certain() -> None:
    text = """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.grey, self.colour = nn.Conv2d(1, 4, 3), nn.Conv2d(3, 4, 3)

            def forward(self, x):
                if x.shape[1] == 1:
                    return self.grey(x)
                return self.colour(x)

        out = Net()(torch.randn(2, 3, 8, 8))
    """
    assert [each.certain for each in records(text) if each.input is not None] == [False, True]


def test_a_model_that_grows_in_sight_is_what_it_has_become() -> None:
    text = "net = nn.Sequential(nn.Linear(6, 4))\nnet.append(nn.Linear(5, 3))\nnet(torch.randn(2, 6))\n"
    assert [each.misfit is not None for each in layer_calls(Script.parse(HEADER + text))] == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        "net.head = nn.Linear(5, 5)",
        "net[0] = nn.Linear(5, 4)",
        "if more:\n    net.append(nn.Linear(3, 4))",
        "net.pop(0)",
        "net(x)\nnet.insert(0, nn.Linear(6, 6))",
    ],
)
def test_a_model_that_is_changed_later_is_not_judged(change: str) -> None:
    text = f"net = nn.Sequential(nn.Linear(6, 4), nn.Linear(6, 3))\n{change}\nnet(torch.randn(2, 6))\n"
    assert not [each for each in layer_calls(Script.parse(HEADER + text)) if each.misfit]


def test_following_a_model_leaves_its_objects_as_they_were() -> None:
    script = Script.parse(
        HEADER + "class Net(nn.Module):\n    def forward(self, x):\n        self.seen = x\n        return x\n"
        "net = Net()\nout = net(torch.randn(2, 3))\n"
    )
    before = dict(value(script, "net").attributes)
    assert array(value(script, "out")) is not None
    assert value(script, "net").attributes == before
