"""Random streams: a version that draws more must not look like a version that trains otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.verify.compare import check_pairing
from fixer.verify.trial import Trials
from tests.verify.running import Bench, trials  # noqa: F401

PROGRAM = """
import torch, random, numpy as np
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split
drawing = torch.Generator().manual_seed(1)
X = torch.randn(96, 4, generator=drawing)
y = X.sum(1, keepdim=True)
# before
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.rand(4))
        self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 1))
    def forward(self, x):
        return self.body(x * self.scale)
model = Net()
train, test = random_split(TensorDataset(X, y), [64, 32])
loader = DataLoader(train, batch_size=16, shuffle=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(4):
    for inputs, targets in loader:
        # each step
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(inputs), targets) * (1 + 0.1 * random.random() + 0.1 * np.random.rand())
        loss.backward()
        optimizer.step()
    # each epoch
"""

EXTRA_DRAWS = {
    "before the model": PROGRAM.replace("# before", "torch.rand(1)"),
    "each epoch": PROGRAM.replace("# each epoch", "torch.rand(1); random.random(); np.random.rand()"),
    "after each step": PROGRAM.replace(
        "        optimizer.step()\n", "        optimizer.step()\n        torch.randn(3)\n"
    ),
    "evaluation": PROGRAM.replace(
        "# each epoch", "with torch.no_grad(): [model(inputs) for inputs, _ in DataLoader(test)]"
    ),
}


@pytest.fixture
def bench(trials: Trials, tmp_path: Path) -> Bench:  # noqa: F811
    return Bench(trials, tmp_path)


@pytest.fixture(scope="module")
def drifting() -> Iterator[Trials]:
    with Trials(Path(sys.executable), anchored=False) as started:
        yield started


@pytest.mark.parametrize("name", EXTRA_DRAWS)
def test_draws_of_one_version_leave_the_pair_alike(bench: Bench, name: str) -> None:
    for seed in (0, 3):
        before, after = bench.run(PROGRAM, seed=seed), bench.run(EXTRA_DRAWS[name], seed=seed, version="after")
        assert before.crash is None and after.crash is None
        assert len(before.series["loss 1"]) == 16
        assert before.series == after.series, name
        assert before.batches == after.batches


def test_without_anchors_one_draw_before_the_model_changes_everything(drifting: Trials, tmp_path: Path) -> None:
    loose = Bench(drifting, tmp_path)
    before, after = loose.run(PROGRAM), loose.run(EXTRA_DRAWS["before the model"])
    assert before.series["loss 1"][0] != after.series["loss 1"][0]
    assert before.batches != after.batches


def test_seeds_and_epochs_still_differ(bench: Bench) -> None:
    first, other = bench.run(PROGRAM, seed=0), bench.run(PROGRAM, seed=1)
    assert not set(first.batches) & set(other.batches)
    assert len(set(first.batches)) == 16, "each epoch has an order of its own"


def test_a_mend_of_the_initialisation_keeps_its_effect(bench: Bench) -> None:
    ask = "\nprint(model.body[0].weight.abs().sum().item(), model.body[3].weight.abs().sum().item())"
    zeroed = PROGRAM.replace("model = Net()", "model = Net()\nnn.init.zeros_(model.body[0].weight)" + ask)
    right = PROGRAM.replace("model = Net()", "model = Net()" + ask)
    before, after = (bench.run(source).stdout_tail.split() for source in (zeroed, right))
    assert float(before[0]) == 0.0 < float(after[0])
    assert before[1] == after[1], "the layer that neither version touches starts alike"


def test_programs_that_seed_again_get_what_they_ask_for(bench: Bench) -> None:
    source = """
import torch, random
from torch import nn
torch.manual_seed(5); one = nn.Linear(3, 3)
torch.manual_seed(5); two = nn.Linear(3, 3)
three = nn.Linear(3, 3)
print(torch.equal(one.weight, two.weight), torch.equal(two.weight, three.weight))
data = torch.utils.data.TensorDataset(torch.arange(32))
orders = []
for epoch in range(3):
    if epoch < 2:
        torch.manual_seed(7)
    orders.append(torch.cat([batch for batch, in torch.utils.data.DataLoader(data, 4, shuffle=True)]).tolist())
print(orders[0] == orders[1], orders[1] == orders[2])
state = torch.get_rng_state(); drawn = nn.Linear(2, 2)
torch.set_rng_state(state); print(torch.equal(drawn.weight, nn.Linear(2, 2).weight))
"""
    for seed in (0, 2):
        assert bench.run(source, seed=seed).stdout_tail.split() == ["True", "False", "True", "False", "True"]


def test_recomputed_activations_meet_the_same_dropout(bench: Bench) -> None:
    source = """
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
layer = nn.Linear(64, 64)
def part(x):
    return nn.Dropout(0.5)(layer(x))
x = torch.ones(8, 64)
plain = torch.optim.SGD(layer.parameters(), lr=0.0)
for _ in range(3):
    out = checkpoint(part, x, use_reentrant=False)
    out.sum().backward()
    print(torch.equal(layer.bias.grad, (out.detach() != 0).sum(0) * 2.0))
    plain.step(); plain.zero_grad()
"""
    assert bench.run(source).stdout_tail.split() == ["True"] * 3


def test_the_report_says_where_streams_were_left_alone(bench: Bench) -> None:
    kept = bench.run("import torch\nstate = torch.get_rng_state()\ntorch.nn.Linear(1, 1)\n")
    assert any("not aligned" in note for note in kept.notes)
    assert not bench.run(PROGRAM).notes


def test_other_data_still_break_the_pair_and_are_told(bench: Bench) -> None:
    loose = PROGRAM.replace(", generator=drawing", "")
    shifted = loose.replace("X = torch.randn", "torch.rand(1); X = torch.randn")
    pairs = [(bench.run(loose, seed=seed), bench.run(shifted, seed=seed, version="after")) for seed in range(2)]
    pairing = check_pairing(pairs)
    assert not pairing.kept and "different batches" in pairing.note


GENERATORS = {
    "torch.Generator": "torch.rand(3, generator=torch.Generator().manual_seed(42)).tolist()",
    "torch.Generator of random_split": "list(torch.utils.data.random_split(range(40), [20, 20], "
    "torch.Generator().manual_seed(42))[0])",
    "torch.Generator of a loader": "[int(b) for b in torch.utils.data.DataLoader(torch.arange(9), shuffle=True, "
    "generator=torch.Generator().manual_seed(42))]",
    "RandomState": "np.random.RandomState(42).rand(3).tolist()",
    "RandomState by keyword": "np.random.RandomState(seed=42).rand(3).tolist()",
    "default_rng": "np.random.default_rng(42).random(3).tolist()",
    "default_rng by keyword": "np.random.default_rng(seed=42).random(3).tolist()",
    "PCG64": "np.random.Generator(np.random.PCG64(42)).random(3).tolist()",
    "random.Random": "[random.Random(42).random() for _ in range(2)]",
    "manual_seed by keyword": "(torch.manual_seed(seed=42), torch.rand(3).tolist())[1]",
}


def test_generators_with_seeds_are_shifted_like_the_global_streams(bench: Bench) -> None:
    lines = "".join(f"print({code})\n" for code in GENERATORS.values())
    source = "import torch, random, numpy as np\n" + lines
    scope: dict[str, object] = {}
    plain = []
    for code in GENERATORS.values():
        exec(f"import torch, random, numpy as np\nfound = {code}", scope)
        plain.append(str(scope["found"]))
    first, again, other = (bench.run(source, seed=seed) for seed in (0, 4, 5))
    assert first.crash is None
    assert first.stdout_tail.splitlines() == plain, "seed 0 leaves them as they are"
    for name, one, two in zip(GENERATORS, again.stdout_tail.splitlines(), other.stdout_tail.splitlines(), strict=True):
        assert one != two, name


def test_generators_are_still_what_they_are_called(bench: Bench) -> None:
    source = """
import copy, pickle, torch, random, numpy as np
assert isinstance(torch.default_generator, torch.Generator)
assert isinstance(np.random.mtrand._rand, np.random.RandomState)
assert isinstance(random._inst, random.Random)
class Own(random.Random):
    pass
assert not isinstance(random.Random(1), Own) and isinstance(Own(2), random.Random)
for made in (np.random.RandomState(3), random.Random(3), np.random.default_rng(np.random.PCG64(3))):
    again = pickle.loads(pickle.dumps(made))
    assert again.random() == made.random()
    copy.deepcopy(made)
g = torch.Generator(device="cpu")
assert g.manual_seed(3) is g and torch.rand(1, generator=g) is not None
np.random.seed([1, 2, 3]); torch.nn.Linear(1, 1)
print("all well")
"""
    for seed in (0, 3):
        trace = bench.run(source, seed=seed)
        assert trace.stdout_tail == "all well\n", trace.crash
