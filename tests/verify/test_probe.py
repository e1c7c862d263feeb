"""What the probe sees in programs that are right (nothing) and that are not; and that it changes nothing."""

from __future__ import annotations

import pytest

from tests.verify.running import Bench, bench, shown, trials

__all__ = ["bench", "trials"]

RIGHT = {
    "plain": """
for i in range(12):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.step()
""",
    "cleared at the end, to zeros": """
for i in range(12):
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)
""",
    "accumulation": """
for i in range(12):
    (nn.functional.mse_loss(model(X), y) / 4).backward()
    if i % 4 == 3:
        optimizer.step()
        model.zero_grad()
""",
    "clipping by norm and by value": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    nn.utils.clip_grad_value_(model.parameters(), 0.01)
    optimizer.step()
""",
    "masked and hooked gradients": """
model[0].weight.register_hook(lambda g: g * (torch.arange(4) > 1))
for i in range(12):
    for p in model.parameters(): p.grad = None
    nn.functional.mse_loss(model(X), y).backward()
    model[2].weight.grad[0, 0] = 0
    optimizer.step()
""",
    "gradient scaler": """
scaler = torch.amp.GradScaler("cpu")
for i in range(12):
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = nn.functional.mse_loss(model(X), y)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
""",
    "closure": """
optimizer = torch.optim.LBFGS(model.parameters(), max_iter=4)
def closure():
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    return loss
for i in range(6): optimizer.step(closure)
""",
    "two optimizers of a GAN": """
critic = nn.Sequential(nn.Linear(1, 8), nn.ReLU(), nn.Linear(8, 1))
second = torch.optim.Adam(critic.parameters(), lr=0.01)
bce = nn.BCEWithLogitsLoss()
for i in range(12):
    fake = model(X)
    second.zero_grad()
    bce(critic(y), torch.ones(64, 1)).backward()
    bce(critic(fake.detach()), torch.zeros(64, 1)).backward()
    second.step()
    optimizer.zero_grad()
    bce(critic(fake), torch.ones(64, 1)).backward()   # reaches the critic too; cleared before its next use
    optimizer.step()
""",
    "frozen, then thawed": """
for p in model[0].parameters(): p.requires_grad = False
for i in range(12):
    if i == 6:
        for p in model[0].parameters(): p.requires_grad = True
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
    "an optimizer that calls super().step()": """
class Mine(torch.optim.Adam):
    def step(self, closure=None):
        for group in self.param_groups: group["lr"] *= 0.9
        return super().step(closure)
optimizer = Mine(model.parameters())
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
    "torch.autograd.backward": """
for i in range(12):
    optimizer.zero_grad()
    out = model(X)
    torch.autograd.backward([nn.functional.mse_loss(out, y), 0.1 * out.abs().mean()])
    optimizer.step()
""",
    "gradients computed aside and put in place": """
for i in range(12):
    loss = nn.functional.mse_loss(model(X), y)
    penalty = torch.autograd.grad(loss, model[0].weight, create_graph=True)[0].pow(2).sum()
    for p, g in zip(model.parameters(), torch.autograd.grad(loss + penalty, list(model.parameters()))):
        p.grad = g
    optimizer.step()
""",
    "no optimizer": """
for i in range(12):
    nn.functional.mse_loss(model(X), y).backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 0.05 * p.grad
            p.grad.zero_()
""",
    "sparse gradients": """
table = nn.Embedding(10, 4, sparse=True)
optimizer = torch.optim.SparseAdam(table.parameters())
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(table(torch.arange(5))), y[:5]).backward()
    optimizer.step()
""",
    "a layer that has died": """
with torch.no_grad():
    model[2].weight.zero_(); model[2].bias.fill_(-1.0)
model = nn.Sequential(model, nn.ReLU())
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
    "loaders, workers, evaluation": """
from torch.utils.data import DataLoader, TensorDataset, random_split
train, test = random_split(TensorDataset(X, y), [48, 16])
drop = nn.Sequential(model, nn.Dropout(0.1))
for epoch in range(4):
    drop.train()
    for a, b in DataLoader(train, batch_size=16, shuffle=True, num_workers=epoch % 2):
        optimizer.zero_grad()
        nn.functional.mse_loss(drop(a), b).backward()
        optimizer.step()
    drop.eval()
    with torch.no_grad():
        for a, b in DataLoader(test, batch_size=8):
            nn.functional.mse_loss(drop(a), b)
""",
    "training accuracy on augmented training data": """
from torch.utils.data import DataLoader, Dataset
class Noisy(Dataset):
    def __len__(self): return 64
    def __getitem__(self, i): return X[i] + torch.randn(4), y[i]
loader = DataLoader(Noisy(), batch_size=16)
mean = torch.stack([a.mean(0) for a, b in loader]).mean(0)
for epoch in range(3):
    for a, b in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a - mean), b).backward()
        optimizer.step()
    with torch.no_grad():
        print(sum(nn.functional.mse_loss(model(a - mean), b) for a, b in loader))
""",
    "split with slices": """
import numpy as np
from torch.utils.data import DataLoader, TensorDataset
A, B = np.random.rand(64, 4).astype("float32"), np.random.rand(64).astype("float32")
cut = 48
train = TensorDataset(torch.tensor(A[:cut]), torch.from_numpy(B[:cut]).unsqueeze(1))
test = TensorDataset(torch.tensor(A[cut:]), torch.from_numpy(B[cut:]).unsqueeze(1))
order = torch.randperm(64)
X, y = X[order], y[order]
for i in range(0, 48, 8):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X[i:i + 8]), y[i:i + 8]).backward()
    optimizer.step()
with torch.no_grad():
    nn.functional.mse_loss(model(X[48:]), y[48:])
for a, b in DataLoader(train, batch_size=12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(a), b).backward()
    optimizer.step()
DataLoader(test)
""",
    "forecast of the next row": """
series = torch.sin(torch.arange(65.0)).repeat(4, 1).T.contiguous()
past, future = series[:-1], series[1:, :1]
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(past), future).backward()
    optimizer.step()
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X[:-1]), y[1:]).backward()
    optimizer.step()
""",
    "gradients decayed on purpose": """
for i in range(12):
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
    for p in model.parameters(): p.grad *= 0.5
""",
    "targets made after the shuffle": """
from torch.utils.data import DataLoader, TensorDataset
X = X[torch.randperm(64)]
y = X.sum(1, keepdim=True)
import torch.distributed.optim   # compiles functions with TorchScript
for a, b in DataLoader(TensorDataset(X[:48], y[:48]), batch_size=8):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(a), b).backward()
    optimizer.step()
""",
    "scores on shuffled data": """
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
with torch.no_grad():
    nn.functional.mse_loss(model(X[torch.randperm(64)]), y)
    nn.functional.mse_loss(model(X), y[torch.randperm(64)])
""",
    "gradient scaler that is off": """
scaler = torch.amp.GradScaler("cpu", enabled=False)
for i in range(12):
    optimizer.zero_grad()
    scaler.scale(nn.functional.mse_loss(model(X), y)).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
""",
    "lazy layers": """
model = nn.Sequential(nn.LazyLinear(4), nn.ReLU(), nn.LazyLinear(1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for i in range(12):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
    "mixup": """
for i in range(12):
    order = torch.randperm(64)
    optimizer.zero_grad()
    out = model(0.7 * X + 0.3 * X[order])
    (0.7 * nn.functional.mse_loss(out, y) + 0.3 * nn.functional.mse_loss(out, y[order])).backward()
    optimizer.step()
""",
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_show_nothing_and_are_not_disturbed(bench: Bench, name: str) -> None:
    body = RIGHT[name] + "\nprint([p.double().sum().item().hex() for p in model.parameters()])\n"
    body += "import random, numpy\nprint(torch.rand(1).item(), random.random(), numpy.random.rand())\n"
    watched = bench.train(body)
    alone = bench.train(body, observe=False)
    assert shown(watched) == set(), watched.symptoms
    assert alone.crash is None and alone.symptoms == {} and alone.stdout_tail
    assert watched.stdout_tail == alone.stdout_tail
    if name not in ("closure", "no optimizer", "gradients computed aside and put in place"):
        assert watched.symptoms["stale-gradients"].checked > 0


STALE = {
    "never cleared": """
for i in range(12):
    nn.functional.mse_loss(model(X), y).backward()
    optimizer.step()
""",
    "cleared once before": """
optimizer.zero_grad()
for i in range(12):
    nn.functional.mse_loss(model(X), y).backward()
    nn.utils.clip_grad_value_(model.parameters(), 0.01)
    optimizer.step()
""",
    "accumulation without clearing": """
for i in range(12):
    (nn.functional.mse_loss(model(X), y) / 2).backward()
    if i % 2: optimizer.step()
""",
    "masked by the gradient scaler": """
scaler = torch.amp.GradScaler("cpu")
for i in range(12):
    scaler.scale(nn.functional.mse_loss(model(X), y)).backward()
    scaler.step(optimizer)
    scaler.update()
""",
    "the other optimizer cleared": """
head = nn.Linear(1, 1)
other = torch.optim.SGD(head.parameters(), lr=0.01)
for i in range(12):
    other.zero_grad()
    nn.functional.mse_loss(head(model(X)), y).backward()
    optimizer.step(); other.step()
""",
    "a subclass that calls super().step()": """
class Mine(torch.optim.SGD):
    def step(self, closure=None): return super().step(closure)
optimizer = Mine(model.parameters(), lr=0.01)
for i in range(12):
    torch.autograd.backward(nn.functional.mse_loss(model(X), y))
    optimizer.step()
""",
}


@pytest.mark.parametrize("name", STALE)
def test_stale_gradients(bench: Bench, name: str) -> None:
    trace = bench.train(STALE[name])
    assert shown(trace) == {"stale-gradients"}
    symptom = trace.symptoms["stale-gradients"]
    assert symptom.shown >= symptom.checked // 2 - 1 and symptom.first_step is not None
    if name == "never cleared":
        assert (symptom.shown, symptom.checked, symptom.first_step) == (11, 12, 2)
        assert symptom.values[0] == 1.0 and min(symptom.values[2:]) < 0.9999
        assert "At 11 of 12 steps" in symptom.detail


@pytest.mark.parametrize("clear", ["optimizer.zero_grad()", "optimizer.zero_grad(set_to_none=False)"])
def test_gradients_cleared_before_the_step(bench: Bench, clear: str) -> None:
    trace = bench.train(
        f"""
for i in range(5):
    nn.functional.mse_loss(model(X), y).backward()
    {clear}
    optimizer.step()
"""
    )
    assert shown(trace) == {"gradient-missing-at-step"}
    assert trace.symptoms["gradient-missing-at-step"].shown == 5
    assert set(trace.gradient_norms) == {0.0}


EVALUATION = """
import random
from torch.utils.data import DataLoader, Dataset
class Rows(Dataset):
    def __init__(self, train): self.train = train
    def __len__(self): return 64
    def __getitem__(self, i):
        row = X[i]
        if {condition} and random.random() < 0.5: row = row.flip(0)
        return row, y[i]
train, test = DataLoader(Rows(True), batch_size=16), DataLoader(Rows(False), batch_size=16)
for epoch in range({epochs}):
    for a, b in train:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
    {mode}
    for a, b in test:
        {in_loop}
        with torch.no_grad():
            print(nn.functional.mse_loss(model(a), b).item())
    model.train()
"""


@pytest.mark.parametrize("mode", ["pass", "model.eval()"])
@pytest.mark.parametrize("epochs", [2, 100])
def test_evaluation_data_changed_at_random(bench: Bench, mode: str, epochs: int) -> None:
    wrong = EVALUATION.format(condition="True", epochs=epochs, mode=mode, in_loop="pass")
    right = EVALUATION.format(condition="self.train", epochs=epochs, mode=mode, in_loop="pass")
    assert shown(bench.train(wrong)) == {"evaluation-not-repeatable"}
    trace = bench.train(right)
    assert shown(trace) == set()
    assert trace.symptoms["evaluation-not-repeatable"].checked == 1
    assert trace.evaluation["evaluation 1"][0] > 0


def test_evaluation_data_changed_in_the_loop(bench: Bench) -> None:
    wrong = EVALUATION.format(condition="False", epochs=2, mode="pass", in_loop="a = a + torch.randn_like(a)")
    right = EVALUATION.format(condition="False", epochs=2, mode="pass", in_loop="a = (a - 0.1) / 0.5")
    assert shown(bench.train(wrong)) == {"evaluation-not-repeatable"}
    assert shown(bench.train(right)) == set()


FRAGMENT = """
import random, numpy as np
from torch.utils.data import DataLoader, Dataset
class Rows(Dataset):
    def __init__(self, train): self.train = train
    def __len__(self): return 40
    def __getitem__(self, i):
        row = X[i]
        if {condition} and random.random() < 0.5: row = row.flip(0)
        return {sample}
train_data, test_data = Rows(True), Rows(False)
{loaders}
"""
WITHOUT_MODEL = "import torch\nX = torch.arange(160.0).reshape(40, 4)\n"
LOADERS = "train_loader, test_loader = DataLoader(train_data, batch_size=8), DataLoader(test_data, batch_size=8)"


@pytest.mark.parametrize("loaders", ["", LOADERS, LOADERS + "\nfor batch in train_loader: pass"])
def test_a_fragment_gets_a_training_loop(bench: Bench, loaders: str) -> None:
    wrong = FRAGMENT.format(condition="True", sample="row, i % 3", loaders=loaders)
    right = FRAGMENT.format(condition="self.train", sample="row", loaders=loaders)
    trace = bench.run(WITHOUT_MODEL + wrong)
    assert shown(trace) == {"evaluation-not-repeatable"}
    assert trace.trains and trace.steps >= 15 and len(trace.evaluation["evaluation 1"]) > 1
    assert any("standard loop" in text for text in trace.replaced)
    assert shown(bench.run(WITHOUT_MODEL + right)) == set()


def test_a_fragment_whose_data_cannot_be_fetched_crashes_where_it_is_wrong(bench: Bench) -> None:
    wrong = FRAGMENT.format(condition="False", sample="row @ X, i", loaders=LOADERS)
    trace = bench.run(WITHOUT_MODEL + wrong)
    assert trace.crash is not None and trace.crash.user_frame_source == "return row @ X, i"
    trace = bench.run(WITHOUT_MODEL + FRAGMENT.format(condition="False", sample="object()", loaders=""))
    assert trace.crash is None and not trace.trains and any("no loop could be made" in note for note in trace.notes)


def test_datasets_that_are_not_there_have_learnable_stand_ins(bench: Bench) -> None:
    trace = bench.run(
        """
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms
assert isinstance(datasets.CIFAR100("data", train=False, download=True)[0][0], Image.Image)
assert datasets.CIFAR10("data", train=False).data.shape == (10000, 32, 32, 3)
folder = datasets.ImageFolder("data/train", transform=transforms.Resize((32, 32)))
assert folder[3][0].size == (32, 32) and len(folder.classes) == 2
try: datasets.Omniglot("data", download=False)
except RuntimeError: print("no stand-in")
pipeline = transforms.Compose([transforms.RandomCrop(28, 2), transforms.ToTensor()])
train = datasets.FashionMNIST("data", train=True, download=True, transform=pipeline)
train, valid = random_split(train, [50000, 10000])
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for x, y in DataLoader(train, batch_size=32, shuffle=True):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
"""
    )
    assert trace.crash is None and trace.steps == 30 and trace.stdout_tail == "no stand-in\n"
    assert trace.series["loss 1"][-1] < 0.7 * trace.series["loss 1"][0]
    assert [text.split()[0] for text in trace.replaced] == ["CIFAR100", "CIFAR10", "ImageFolder", "FashionMNIST"]


MISALIGNED = {
    "test inputs with training targets": """
train, test = TensorDataset(X[:48], y[:48]), TensorDataset(X[48:], y[:16])
""",
    "shifted far": "train, test = TensorDataset(X[:48], y[16:]), TensorDataset(X[:4], y[:4])\n",
    "arrays": """
A, B = numpy.random.rand(64, 4).astype("float32"), numpy.random.rand(64, 1).astype("float32")
train = TensorDataset(torch.tensor(A[:48]), torch.tensor(B[16:]))
test = TensorDataset(torch.from_numpy(A[:16]), torch.from_numpy(B[:16]))
""",
    "copies": """
train = TensorDataset(X[:48].double().float().contiguous(), y[:48].view(-1, 1))
test = TensorDataset(X[48:].clone(), y[:16].to(torch.float32).reshape(-1, 1))
""",
    "only the inputs permuted": """
train = test = TensorDataset(X[torch.randperm(64)], y)
""",
    "permuted apart": """
train = test = TensorDataset(X[torch.randperm(64)], y[torch.randperm(64)])
""",
    "own dataset": """
class Rows(torch.utils.data.Dataset):
    def __init__(self, x, y): self.x, self.y = x, y
    def __len__(self): return len(self.x)
    def __getitem__(self, i): return self.x[i], self.y[i]
train, test = Rows(X[:48], y[:48]), Rows(X[48:], y[:16])
""",
}


@pytest.mark.parametrize("name", MISALIGNED)
def test_inputs_and_targets_cut_apart(bench: Bench, name: str) -> None:
    trace = bench.train(
        "import numpy\nfrom torch.utils.data import DataLoader, TensorDataset\n"
        + MISALIGNED[name]
        + """
for loader in (DataLoader(train, batch_size=8), DataLoader(test, batch_size=8)):
    for a, b in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
"""
    )
    assert shown(trace) == {"misaligned-pairs"}


def test_inputs_and_targets_cut_apart_without_a_dataset(bench: Bench) -> None:
    trace = bench.train(
        """
a, b, c, d = X[:48], y[:48], X[48:], y[:16]
for i in range(0, 48, 8):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(a[i:i + 8]), b[i:i + 8]).backward()
    optimizer.step()
with torch.no_grad(): nn.functional.mse_loss(model(c), d)
"""
    )
    assert shown(trace) == {"misaligned-pairs"}
    assert "rows 48 to 63 of 64 go with rows 0 to 15" in trace.symptoms["misaligned-pairs"].detail


@pytest.mark.parametrize("workers", [0, 1])
def test_transforms_that_pass_arrays_through(bench: Bench, workers: int) -> None:
    program = """
import numpy
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2
class Images(Dataset):
    transform = v2.Compose([{first}v2.RandomHorizontalFlip(), v2.Resize(8), v2.ToImage(), v2.ToDtype(torch.float32)])
    def __len__(self): return 8
    def __getitem__(self, i): return self.transform(numpy.full((8, 8, 3), i, dtype="uint8"))
model = nn.Sequential(nn.Flatten(), nn.Linear(192, 1))
for a in DataLoader(Images(), batch_size=4, num_workers={workers}):
    model(a).mean().backward()
""".replace("{workers}", str(workers))
    wrong = bench.train(program.replace("{first}", ""))
    assert shown(wrong) == {"transform-without-effect"}
    assert "NumPy array" in wrong.symptoms["transform-without-effect"].detail
    assert shown(bench.train(program.replace("{first}", "v2.ToImage(), "))) == set()


def test_a_loss_that_is_no_number(bench: Bench) -> None:
    trace = bench.train(
        """
for i in range(4):
    optimizer.zero_grad()
    (nn.functional.mse_loss(model(X), y) * (float("nan") if i == 2 else 1)).backward()
    optimizer.step()
"""
    )
    assert trace.non_finite and "non-finite" in shown(trace)
    assert trace.symptoms["non-finite"].first_step == 3


def test_two_losses_are_two_series(bench: Bench) -> None:
    trace = bench.train(RIGHT["two optimizers of a GAN"])
    assert [len(series) for series in trace.series.values()] == [12, 12, 12]
    assert trace.steps == 24


def test_the_scaled_loss_is_recorded_unscaled(bench: Bench) -> None:
    scaled, plain = bench.train(STALE["masked by the gradient scaler"]), bench.train(STALE["never cleared"])
    assert scaled.series["loss 1"][0] == plain.series["loss 1"][0]


def test_warnings_and_replacements_are_kept(bench: Bench) -> None:
    trace = bench.train(
        """
import warnings
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1)
schedule.step()
model = torch.compile(model)
torch.set_num_threads(8)
optimizer.step()
"""
    )
    assert any("lr_scheduler.step()" in text for text in trace.warnings)
    assert trace.replaced == ("torch.compile -> eager", "torch.set_num_threads -> one thread")
