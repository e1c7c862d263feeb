"""Small right programs, and edits of them that change nothing of what they are: the material of `verify_aa.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fixer.verify import Expectation

_HEAD = """\
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)
fixed = torch.Generator().manual_seed(0)


def draw(*shape):
    return torch.randn(*shape, generator=fixed)

"""

_LOOP = """
optimizer = torch.optim.{optimizer}
loader = DataLoader(TensorDataset(inputs, targets), batch_size=32, shuffle=True)
for epoch in range(8):
    for x, y in loader:
        optimizer.zero_grad()
        loss = objective(model, x, y)
        loss.backward()
        optimizer.step()
"""

_GAN_LOOP = """
optimizer = torch.optim.{optimizer}
d_optimizer = torch.optim.{d_optimizer}
loader = DataLoader(TensorDataset(inputs), batch_size=32, shuffle=True)
for epoch in range(8):
    for (x,) in loader:
        d_optimizer.zero_grad()
        fake = model(torch.randn(len(x), 8))
        real_part = F.binary_cross_entropy_with_logits(critic(x), torch.ones(len(x), 1))
        d_loss = real_part + F.binary_cross_entropy_with_logits(critic(fake.detach()), torch.zeros(len(x), 1))
        d_loss.backward()
        d_optimizer.step()
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(critic(fake), torch.ones(len(x), 1))
        loss.backward()
        optimizer.step()
"""

_STREAM_LOOP = """
optimizer = torch.optim.{optimizer}
for step in range(96):
    x = torch.randn(32, 12)
    y = (x @ rule).argmax(1)
    optimizer.zero_grad()
    loss = objective(model, x, y)
    loss.backward()
    optimizer.step()
"""

_LOOPS = {"gan": _GAN_LOOP, "stream": _STREAM_LOOP}

_MODELS = {
    "regression": """
inputs = draw(384, 10)
targets = inputs @ draw(10, 1) + 0.3 * draw(384, 1)
model = nn.Linear(10, 1)


def objective(model, x, y):
    return F.mse_loss(model(x), y)
""",
    "mlp": """
inputs = draw(384, 16)
targets = (inputs @ draw(16, 4)).argmax(1)
model = nn.Sequential(nn.Linear(16, 48), nn.ReLU(), nn.Dropout(0.2), nn.Linear(48, 4))


def objective(model, x, y):
    return F.cross_entropy(model(x), y)
""",
    "cnn": """
inputs = draw(384, 1, 10, 10)
targets = (inputs[:, 0, :5].mean((1, 2)) > 0).long()
model = nn.Sequential(
    nn.Conv2d(1, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(96, 2)
)


def objective(model, x, y):
    return F.cross_entropy(model(x), y)
""",
    "rnn": """
inputs = draw(384, 8, 4)
targets = inputs.sum((1, 2), keepdim=True)[:, 0]


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRU(4, 16, batch_first=True)
        self.head = nn.Linear(16, 1)

    def forward(self, x):
        return self.head(self.cell(x)[0][:, -1])


model = Reader()


def objective(model, x, y):
    return F.mse_loss(model(x), y)
""",
    "transformer": """
inputs = torch.randint(0, 20, (384, 8), generator=fixed)
targets = (inputs.sum(1) % 3).long()


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(20, 16)
        layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1, batch_first=True)
        self.body = nn.TransformerEncoder(layer, 1)
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.body(self.tokens(x)).mean(1))


model = Encoder()


def objective(model, x, y):
    return F.cross_entropy(model(x), y)
""",
    "vae": """
inputs = draw(384, 12) @ draw(12, 12) / 3
targets = inputs


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Linear(12, 8)
        self.up = nn.Sequential(nn.Linear(4, 24), nn.Tanh(), nn.Linear(24, 12))

    def forward(self, x):
        mean, log_variance = self.down(x).chunk(2, 1)
        code = mean + torch.randn_like(mean) * torch.exp(log_variance / 2)
        return self.up(code), mean, log_variance


model = Vae()


def objective(model, x, y):
    out, mean, log_variance = model(x)
    kl = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(1).mean()
    return F.mse_loss(out, y) * 12 + 0.2 * kl
""",
    "two classes": """
inputs = draw(384, 12)
targets = (inputs @ draw(12, 1) + 0.5 * draw(384, 1) > 0).float()
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 1))


def objective(model, x, y):
    return F.binary_cross_entropy_with_logits(model(x), y)
""",
    "stream": """
rule = draw(12, 5)
model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 5))


def objective(model, x, y):
    return F.cross_entropy(model(x), y)
""",
    "gan": """
inputs = draw(384, 2) @ draw(2, 2) + 2
model = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 2))
critic = nn.Sequential(nn.Linear(2, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1))
""",
}

_OPTIMIZERS = {
    "sgd": "SGD({}.parameters(), lr=0.05)",
    "momentum": "SGD({}.parameters(), lr=0.01, momentum=0.9)",
    "adam": "Adam({}.parameters(), lr=0.003)",
}

# What each edit replaces. None of them makes a program better or worse.
_EDITS: dict[str, list[tuple[str, str]]] = {
    "same program": [("torch.manual_seed(7)\n", "torch.manual_seed(7)  # the same on every run\n")],
    "renamed": [("        loss.backward()", "        total = loss\n        total.backward()"), ("epoch", "turn")],
    "cleared late": [
        ("        optimizer.zero_grad()\n", ""),
        (".step()\n", ".step()\n        optimizer.zero_grad()\n"),
    ],
    "other arithmetic": [
        ("F.cross_entropy(model(x), y)", "F.nll_loss(F.log_softmax(model(x), 1), y)"),
        ("F.mse_loss(model(x), y)", "(y - model(x)).square().sum() / y.numel()"),
        ("F.mse_loss(out, y) * 12", "(y - out).square().mean() * 12"),
        ("real_part + F", "0.0 + real_part * 1.0 + F"),
    ],
    "draw before the model": [("torch.manual_seed(7)\n", "torch.manual_seed(7)\ntorch.rand(3)\n")],
    "draw at each step": [
        ("        loss.backward()\n", "        torch.rand(1)\n        loss.backward()\n"),
        ("\n    loss.backward()\n", "\n    torch.rand(1)\n    loss.backward()\n"),
    ],
    "another seed": [("torch.manual_seed(7)\n", "torch.manual_seed(8)\n")],
    "divided loss": [("objective(model, x, y)\n", "objective(model, x, y) / 3\n")],
}

# What is declared not to be comparable is judged by the outputs. Adam does not care what its loss is divided by.
_BY_YARDSTICK = {
    "draw before the model": ("sgd", "momentum", "adam"),
    "draw at each step": ("sgd", "momentum", "adam"),
    "another seed": ("sgd", "momentum", "adam"),
    "divided loss": ("adam",),
}
_SCORED = ("regression", "mlp", "cnn", "transformer", "two classes", "stream")
_BY_LOSS = (*("same program", "renamed", "cleared late", "other arithmetic"), *list(_BY_YARDSTICK)[:2])


@dataclass(frozen=True)
class Case:
    model: str
    optimizer: str
    edit: str
    before: str
    after: str
    yardstick: bool = False
    """The losses are not to be compared, so that only the fit of the outputs can tell the versions apart."""

    @property
    def name(self) -> str:
        return f"{self.model}, {self.optimizer}, {self.kind}"

    @property
    def kind(self) -> str:
        return f"yardstick: {self.edit}" if self.yardstick else self.edit

    @property
    def expected(self) -> Expectation:
        return Expectation(loss="not-comparable" if self.yardstick else None)


def cases() -> Iterator[Case]:
    """Programs with every optimizer and every edit, judged by their losses, then some of them by the yardstick."""
    for model in _MODELS:
        for optimizer in _OPTIMIZERS:
            before = program(model, optimizer)
            for edit in _BY_LOSS if model not in ("two classes", "stream") else ():
                yield Case(model, optimizer, edit, before, edited(before, edit, model))
    for model in _SCORED:
        for edit, optimizers in _BY_YARDSTICK.items():
            for optimizer in optimizers:
                before = program(model, optimizer)
                yield Case(model, optimizer, edit, before, edited(before, edit, model), yardstick=True)


def program(model: str, optimizer: str) -> str:
    call = _OPTIMIZERS[optimizer]
    loop = _LOOPS.get(model, _LOOP)
    return _HEAD + _MODELS[model] + loop.format(optimizer=call.format("model"), d_optimizer=call.format("critic"))


def edited(text: str, edit: str, model: str) -> str:
    if edit == "cleared late" and model == "gan":
        # Moving only the generator's line keeps its meaning: its gradients from the critic's pass are cleared first.
        changed = text.replace("        optimizer.zero_grad()\n", "        model.zero_grad()\n")
    else:
        changed = text
        for old, new in _EDITS[edit]:
            changed = changed.replace(old, new)
    if changed == text:
        raise ValueError(f"the edit {edit!r} does nothing to the {model} program")
    return changed
