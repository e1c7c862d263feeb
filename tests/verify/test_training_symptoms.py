"""Symptoms of the training loop, the modes and the model's make-up: each is shown by programs that have the defect,
and by none of the right programs that come near it."""

from __future__ import annotations

import pytest

from tests.verify.running import Bench, bench, shown, trials

__all__ = ["bench", "trials"]

DATA = """
from torch.utils.data import DataLoader, TensorDataset
train = DataLoader(TensorDataset(X[:48], y[:48]), batch_size=8, shuffle=True)
test = DataLoader(TensorDataset(X[48:], y[48:]), batch_size=8)
mse = nn.MSELoss()
def fit(model, batches=train):
    for a, b in batches:
        optimizer.zero_grad()
        mse(model(a), b).backward()
        optimizer.step()
model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(0.2), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
"""
SCALER = 'scaler = torch.amp.GradScaler("cpu")\n'
HEAD = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(4, 8), nn.Linear(8, 1)
    def forward(self, x): return self.head(torch.relu(self.body(x)))
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
"""
STACK = """
class Stack(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers, self.last = layers, nn.Linear(4, 1)
    def forward(self, x):
        for layer in (self.layers.values() if isinstance(self.layers, dict) else self.layers): x = torch.tanh(layer(x))
        return self.last(x)
"""
TRAIN = """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
"""

WRONG = {
    "gradient-of-earlier-step: step, clear, backward": """
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for i in range(12):
    loss = nn.functional.mse_loss(model(X), y)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
""",
    "no-gradient: a copy of the loss": """
for i in range(12):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss = torch.tensor(loss.item(), requires_grad=True)
    loss.backward()
    optimizer.step()
""",
    "no-gradient: detached outputs": """
for i in range(12):
    optimizer.zero_grad()
    out = model(X).detach().requires_grad_()
    nn.functional.mse_loss(out, y).backward()
    optimizer.step()
""",
    "parameters-frozen: no step": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
""",
    "parameters-frozen: one optimizer of two": """
critic = nn.Linear(1, 1)
second = torch.optim.SGD(critic.parameters(), lr=0.01)
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    second.zero_grad()
    nn.functional.mse_loss(critic(model(X).detach()), y).backward()
""",
    "unoptimized-parameters: the head replaced": HEAD + "model.head = nn.Linear(8, 1)\n" + TRAIN,
    "unoptimized-parameters: another head": HEAD + "model.head = nn.Linear(8, 3)\ny = y.expand(64, 3)\n" + TRAIN,
    "unoptimized-parameters: the model made anew": HEAD + "model = Net()\n" + TRAIN,
    "unregistered-parameters: list": STACK
    + "model = Stack([nn.Linear(4, 4), nn.Linear(4, 4)])\noptimizer = torch.optim.Adam(model.parameters())\n"
    + TRAIN,
    "unregistered-parameters: dict": STACK
    + "model = Stack({'a': nn.Linear(4, 4)})\noptimizer = torch.optim.Adam(model.parameters())\n"
    + TRAIN,
    "unregistered-parameters: tensor": """
class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale, self.linear = torch.ones(4, requires_grad=True), nn.Linear(4, 1)
    def forward(self, x): return self.linear(self.scale * x)
model = Scaled()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
"""
    + TRAIN,
    "unclipped-step: after the step": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.01)
""",
    "unclipped-step: values, after the step": """
from torch.nn.utils import clip_grad_value_
for i in range(12):
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    clip_grad_value_(model.parameters(), clip_value=0.001)
    optimizer.zero_grad()
""",
    "unclipped-step: scaled gradients": SCALER
    + """
for i in range(12):
    optimizer.zero_grad()
    scaler.scale(nn.functional.mse_loss(model(X), y)).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    scaler.step(optimizer)
    scaler.update()
""",
    "scheduler-warning: at the top of the epoch": """
import warnings
warnings.filterwarnings("ignore")
schedule = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 5)
for i in range(12):
    schedule.step()
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
    "graph-growth: running total": """
total = 0
for i in range(12):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    (loss / 2).backward()
    optimizer.step()
    total += loss
print(total.item())
""",
    "graph-growth: list": """
losses = []
for i in range(12):
    optimizer.zero_grad()
    losses.append(nn.functional.mse_loss(model(X), y))
    losses[-1].backward()
    optimizer.step()
""",
    "train-mode-in-evaluation: never switched": DATA
    + """
for epoch in range(3):
    fit(model)
    with torch.no_grad():
        for a, b in test: mse(model(a), b)
""",
    "train-mode-in-evaluation: only the second of two models": DATA
    + """
head = nn.Sequential(nn.Dropout(0.5), nn.Linear(1, 1))
for epoch in range(3):
    model.train(); fit(model)
    model.eval()
    with torch.no_grad():
        for a, b in test: mse(head(model(a)), b)
""",
    "eval-mode-in-training: dropout is a function": DATA
    + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 8), nn.Linear(8, 1)
    def forward(self, x):
        return self.b(nn.functional.dropout(self.a(x), 0.3, training=self.training))
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(3):
    fit(model)
    model.eval()
    with torch.no_grad():
        for a, b in test: mse(model(a), b)
""",
    "eval-mode-in-training: left behind": DATA
    + """
for epoch in range(3):
    fit(model)
    model.eval()
    with torch.no_grad():
        for a, b in test: mse(model(a), b)
""",
    "graph-in-evaluation: no guard": DATA
    + """
for epoch in range(3):
    model.train(); fit(model)
    model.eval()
    for a, b in test: mse(model(a), b)
""",
    "divergence: rate far too high": """
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1.5)
for i in range(25):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
}


@pytest.mark.parametrize("name", WRONG)
def test_the_defect_is_shown_and_nothing_else(bench: Bench, name: str) -> None:
    trace = bench.train(WRONG[name])
    symptom = name.partition(":")[0]
    # A step of weights that the loss does not know is also one without gradient.
    also = {"no-gradient"} if name.endswith("made anew") else set()
    assert shown(trace) == {symptom} | also
    assert trace.symptoms[symptom].detail and trace.symptoms[symptom].first_step is not None


RIGHT = {
    "gradient-of-earlier-step": {
        "loop that begins with its step": """
for i in range(12):
    optimizer.step()
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
""",
        "forward of the next batch after the step": """
loss = nn.functional.mse_loss(model(X), y)
for i in range(12):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    loss = nn.functional.mse_loss(model(X), y)
""",
        "generator's fakes made before the critic's step": """
critic = nn.Linear(1, 1)
second = torch.optim.SGD(critic.parameters(), lr=0.01)
for i in range(12):
    second.zero_grad()
    critic(y).mean().backward()
    fake = model(X)
    second.step()
    optimizer.zero_grad()
    (1 - critic(fake).mean() ** 2).abs().backward()
    optimizer.step()
""",
        "a look at the loss between backward and step": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    print(nn.functional.mse_loss(model(X), y).item())
    optimizer.step()
""",
        "shared body, two optimizers": """
body, a, b = nn.Linear(4, 4), nn.Linear(4, 1), nn.Linear(4, 1)
one = torch.optim.SGD(a.parameters(), lr=0.01)
two = torch.optim.SGD([*b.parameters(), *body.parameters()], lr=0.01)
for i in range(12):
    one.zero_grad(); two.zero_grad()
    h = body(X)
    nn.functional.mse_loss(a(h), y).backward(retain_graph=True)
    one.step()
    nn.functional.mse_loss(b(h), y).backward()
    two.step()
""",
    },
    "no-gradient": {
        "only the input is optimized": """
for p in model.parameters(): p.requires_grad_(False)
delta = torch.zeros(64, 4, requires_grad=True)
optimizer = torch.optim.Adam([delta])
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X + delta), y).backward()
    optimizer.step()
""",
        "two stages joined by hand": """
first, last = nn.Linear(4, 4), nn.Linear(4, 1)
for i in range(12):
    optimizer = torch.optim.SGD([*first.parameters(), *last.parameters()], lr=0.01)
    out = first(X)
    cut = out.detach().requires_grad_()
    nn.functional.mse_loss(last(cut), y).backward()
    out.backward(cut.grad)
    optimizer.step()
    optimizer.zero_grad()
""",
        "an attack before every step": """
for i in range(12):
    x = X.clone().requires_grad_()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x.detach() + 0.1 * x.grad.sign()), y).backward()
    optimizer.step()
""",
        "gradients put in place, with a backward beside": """
probe = torch.ones(1, requires_grad=True)
for i in range(12):
    (probe * 2).sum().backward()
    loss = nn.functional.mse_loss(model(X), y)
    for p, g in zip(model.parameters(), torch.autograd.grad(loss, list(model.parameters()))): p.grad = g
    optimizer.step()
""",
    },
    "parameters-frozen": {
        "a step at the end of a long window": """
for i in range(64):
    (nn.functional.mse_loss(model(X), y) / 64).backward()
optimizer.step()
""",
        "weights moved by hand": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    for p in model.parameters(): p.data -= 0.1 * p.grad
""",
        "one optimizer clears what the other steps with": """
second = torch.optim.SGD(model.parameters(), lr=0.01)
for i in range(12):
    second.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
        "gradients of a frozen part, which its optimizer never clears": """
critic = nn.Linear(1, 1)
second = torch.optim.SGD(critic.parameters(), lr=0.01)
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(critic(model(X)), y).backward()
    optimizer.step()
""",
        "a closure": """
optimizer = torch.optim.LBFGS(model.parameters(), max_iter=2)
def closure():
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    return loss
for i in range(3): optimizer.step(closure)
""",
        "gradients looked at of a model without an optimizer": """
model = nn.Linear(4, 1)
for i in range(12):
    model.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
""",
    },
    "unoptimized-parameters": {
        "only the head, on purpose": HEAD + "optimizer = torch.optim.SGD(model.head.parameters(), lr=0.01)\n" + TRAIN,
        "replaced, then added": HEAD
        + "model.head = nn.Linear(8, 1)\noptimizer.add_param_group({'params': model.head.parameters()})\n"
        + TRAIN,
        "an unused part in the optimizer": HEAD
        + "model.extra = nn.Linear(8, 1)\nscale = nn.Linear(1, 1)\n"
        + "optimizer = torch.optim.SGD([*model.parameters()], lr=0.01)\n"
        + TRAIN.replace("model(X)", "scale(model(X))"),
        "a teacher that gets gradients": HEAD
        + "teacher = nn.Linear(4, 1)\n"
        + TRAIN.replace("y).backward", "y + teacher(X)).backward"),
        "two optimizers": HEAD
        + """
head = nn.Linear(8, 1)
other = torch.optim.SGD(head.parameters(), lr=0.01)
for i in range(12):
    optimizer.zero_grad(); other.zero_grad()
    (nn.functional.mse_loss(model(X), y) + head(model.body(X)).pow(2).mean()).backward()
    optimizer.step(); other.step()
""",
    },
    "unregistered-parameters": {
        "ModuleList": STACK
        + "model = Stack(nn.ModuleList([nn.Linear(4, 4)]))\noptimizer = torch.optim.SGD(model.parameters(), lr=0.01)\n"
        + TRAIN,
        "list whose layers the optimizer has": STACK
        + "model = Stack([nn.Linear(4, 4)])\n"
        + "optimizer = torch.optim.SGD([*model.parameters(), *model.layers[0].parameters()], lr=0.01)\n"
        + TRAIN,
        "list of registered layers": STACK
        + "model = Stack([nn.Linear(4, 4)])\nmodel.same = model.layers[0]\n"
        + "optimizer = torch.optim.SGD(model.parameters(), lr=0.01)\n"
        + TRAIN,
        "hidden teacher": HEAD
        + "model.teacher = [nn.Linear(4, 1)]\n"
        + TRAIN.replace(", y)", ", model.teacher[0](X).detach())"),
        "hidden and frozen": STACK
        + "model = Stack([nn.Linear(4, 4).requires_grad_(False)])\n"
        + "optimizer = torch.optim.SGD(model.parameters(), lr=0.01)\n"
        + TRAIN,
        "moved by hand": STACK
        + "model = Stack([nn.Linear(4, 4)])\noptimizer = torch.optim.SGD(model.parameters(), lr=0.01)\n"
        + TRAIN
        + "    for p in model.layers[0].parameters():\n        p.data -= 0.01 * p.grad\n        p.grad = None\n",
    },
    "unclipped-step": {
        "each micro-batch": """
for i in range(12):
    (nn.functional.mse_loss(model(X), y) / 2).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.01)
    if i % 2:
        optimizer.step()
        optimizer.zero_grad()
""",
        "unscaled first": SCALER
        + """
for i in range(12):
    optimizer.zero_grad()
    scaler.scale(nn.functional.mse_loss(model(X), y)).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_norm_(model.parameters(), 0.05)
    scaler.step(optimizer)
    scaler.update()
""",
        "only for the norm": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    print(nn.utils.clip_grad_norm_(model.parameters(), float("inf")))
""",
        "weights of a critic": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    for p in model.parameters(): p.data.clamp_(-0.5, 0.5)
""",
        "one part of the loss clipped": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    nn.utils.clip_grad_norm_(parameters=model.parameters(), max_norm=0.01)
    model(X).pow(2).mean().backward()
    optimizer.step()
""",
    },
    "scheduler-warning": {
        "after the step": """
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    schedule.step()
""",
        "a scaler that leaves out its first step": SCALER
        + """
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
for i in range(12):
    optimizer.zero_grad()
    scaler.scale(nn.functional.mse_loss(model(X), y) * (float("inf") if i == 0 else 1)).backward()
    scaler.step(optimizer)
    scaler.update()
    schedule.step()
""",
        "taken to where it was saved": """
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 30)
for epoch in range(5): schedule.step()
"""
        + TRAIN,
        "told of the first validation loss": """
schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer)
schedule.step(1.0)
"""
        + TRAIN,
        "a schedule of one's own": """
class Mine(torch.optim.lr_scheduler.StepLR):
    def step(self, epoch=None): super().step()
schedule = Mine(optimizer, 2)
"""
        + TRAIN
        + "    schedule.step()\n",
        "schedules in a row": """
from torch.optim.lr_scheduler import LinearLR, SequentialLR, StepLR
schedule = SequentialLR(optimizer, [LinearLR(optimizer), StepLR(optimizer, 2)], milestones=[4])
"""
        + TRAIN
        + "    schedule.step()\n",
    },
    "graph-growth": {
        "numbers": TRAIN.replace("nn.functional", "loss = nn.functional").replace(".backward()", "; loss.backward()")
        + "    total = loss.item() + (total if i else 0)\n",
        "many losses a step": """
for i in range(12):
    optimizer.zero_grad()
    losses = [nn.functional.mse_loss(model(X[k:k + 4]), y[k:k + 4]) for k in range(0, 40, 4)]
    for loss in losses: loss.backward()
    optimizer.step()
""",
        "the sum is back-propagated": """
for i in range(12):
    optimizer.zero_grad()
    total = 0
    for k in range(0, 40, 4): total = total + nn.functional.mse_loss(model(X[k:k + 4]), y[k:k + 4])
    total.backward()
    optimizer.step()
""",
        "a part computed once": """
fixed = nn.Linear(4, 4)(X)
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(fixed), y).backward(retain_graph=True)
    optimizer.step()
""",
    },
    "train-mode-in-evaluation": {
        "switched": DATA
        + """
for epoch in range(3):
    model.train(); fit(model); model.eval()
    with torch.no_grad():
        for a, b in test: mse(model(a), b)
""",
        "Monte Carlo dropout": DATA
        + """
fit(model)
with torch.no_grad():
    for a, b in test: torch.stack([model(a) for _ in range(5)]).std(0)
    for k in range(5):
        for a, b in test: model(a)
""",
        "statistics of batch norm gathered anew": DATA
        + """
fit(model)
with torch.no_grad():
    for a, b in train: model(a)
""",
        "learning without backward": DATA
        + """
for epoch in range(3):
    for a, b in test:
        for p, g in zip(model.parameters(), torch.autograd.grad(mse(model(a), b), list(model.parameters()))): p.grad = g
        optimizer.step()
fit(model)
""",
        "fakes for the critic": DATA
        + """
critic = nn.Linear(1, 1)
second = torch.optim.SGD(critic.parameters(), lr=0.01)
for a, b in train:
    with torch.no_grad(): fake = model(a)
    second.zero_grad()
    (critic(fake) - critic(b)).pow(2).mean().backward()
    second.step()
""",
        "nothing that depends on the mode": DATA
        + """
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(3):
    fit(model)
    with torch.no_grad():
        for a, b in test: mse(model(a), b)
""",
    },
    "eval-mode-in-training": {
        "batch norm frozen after a while": DATA
        + """
for epoch in range(3):
    model.train()
    if epoch: model[1].eval()
    fit(model)
    model.eval()
    with torch.no_grad():
        for a, b in test: mse(model(a), b)
""",
        "in evaluation mode from the start": DATA + "model.eval()\nfor epoch in range(3): fit(model)\n",
        "frozen extractor": DATA
        + """
head = nn.Linear(1, 1)
fit(model)
model.eval()
with torch.no_grad():
    for a, b in test: mse(model(a), b)
optimizer = torch.optim.SGD(head.parameters(), lr=0.01)
for epoch in range(3): fit(lambda a: head(model(a)))
""",
        "attacked in evaluation mode": DATA
        + """
for epoch in range(3):
    for a, b in train:
        model.eval()
        a = a.clone().requires_grad_()
        mse(model(a), b).backward()
        model.train()
        optimizer.zero_grad()
        mse(model(a.detach() + 0.1 * a.grad.sign()), b).backward()
        optimizer.step()
""",
    },
    "graph-in-evaluation": {
        "inference mode": DATA
        + """
for epoch in range(3):
    model.train(); fit(model); model.eval()
    with torch.inference_mode():
        for a, b in test: mse(model(a), b)
""",
        "attacks on test data": DATA
        + """
fit(model)
model.eval()
for a, b in test:
    a = a.clone().requires_grad_()
    a = a + 0.1 * torch.autograd.grad(mse(model(a), b), a)[0].sign()
    with torch.no_grad(): model(a)
""",
        "saliency with backward": DATA
        + """
fit(model)
model.eval()
for a, b in test:
    a = a.clone().requires_grad_()
    model(a).sum().backward()
    a.grad.abs().mean()
""",
        "a frozen model": DATA
        + """
fit(model)
model.eval().requires_grad_(False)
for a, b in test: mse(model(a), b)
""",
    },
    "divergence": {
        "later batches hold larger numbers": """
grown = X * (10.0 ** torch.linspace(0, 2, 64))[:, None]
optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)
for i in range(0, 50, 2):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(grown[i:i + 2]), 10 * grown[i:i + 2].sum(1, keepdim=True)).backward()
    optimizer.step()
""",
        "a loss that starts near zero and swings": """
y = model(X).detach() + 1e-4
for i in range(25):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
        "a bad start": """
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
for i in range(25):
    optimizer.zero_grad()
    (100 * nn.functional.mse_loss(model(X), y)).backward()
    optimizer.step()
""",
    },
}
UNJUDGED = {
    ("parameters-frozen", "gradients looked at of a model without an optimizer"),
    ("scheduler-warning", "taken to where it was saved"),
    ("scheduler-warning", "told of the first validation loss"),
    ("unclipped-step", "only for the norm"),
    ("unclipped-step", "weights of a critic"),
    ("eval-mode-in-training", "in evaluation mode from the start"),
    *(
        ("train-mode-in-evaluation", name)
        for name in RIGHT["train-mode-in-evaluation"]
        if name not in ("switched", "fakes for the critic")
    ),
    ("train-mode-in-evaluation", "fakes for the critic"),
    ("graph-in-evaluation", "attacks on test data"),
    ("graph-in-evaluation", "saliency with backward"),
}
"""Where a symptom cannot be told for sure, no look is counted."""


@pytest.mark.parametrize(("symptom", "name"), [(symptom, name) for symptom in RIGHT for name in RIGHT[symptom]])
def test_right_programs_that_come_near_it(bench: Bench, symptom: str, name: str) -> None:
    body = RIGHT[symptom][name] + "\nprint([p.double().sum().item().hex() for p in model.parameters()])\n"
    trace = bench.train(body)
    assert shown(trace) & set(RIGHT) == set(), trace.symptoms
    judged = symptom in trace.symptoms and trace.symptoms[symptom].checked > 0
    assert judged is ((symptom, name) not in UNJUDGED)
    assert trace.stdout_tail == bench.train(body, observe=False).stdout_tail


def test_a_loss_without_graph_crashes_and_says_why(bench: Bench) -> None:
    trace = bench.train("nn.functional.mse_loss(model(X), y).detach().backward()\n")
    assert trace.crash is not None
    assert trace.symptoms["no-gradient"].shown == 1


def test_what_is_counted(bench: Bench) -> None:
    late = bench.train(WRONG["gradient-of-earlier-step: step, clear, backward"]).symptoms["gradient-of-earlier-step"]
    assert (late.shown, late.checked) == (11, 12)  # the first step has no gradients at all
    scaled = bench.train(WRONG["unclipped-step: scaled gradients"]).symptoms["unclipped-step"]
    assert scaled.shown == scaled.checked > 0 and "still scaled" in scaled.detail
    passes = bench.train(WRONG["train-mode-in-evaluation: never switched"]).symptoms["train-mode-in-evaluation"]
    assert (passes.shown, passes.checked) == (3, 3)
    assert "4 tensors" in bench.train(WRONG["unregistered-parameters: list"]).symptoms["unregistered-parameters"].detail


@pytest.mark.parametrize("pair", [1, 2, 3])
def test_the_answer_does_not_depend_on_the_seed(bench: Bench, pair: int) -> None:
    for name in ("unclipped-step: after the step", "divergence: rate far too high", "graph-growth: running total"):
        assert shown(bench.train(WRONG[name], seed=pair)) == {name.partition(":")[0]}
