"""Symptoms of what loss functions are given, each on a program that has the defect and on some that come near it."""

from __future__ import annotations

import pytest

from tests.verify.running import Bench, bench, shown, trials

__all__ = ["bench", "trials"]

CLASSES = """
labels = (X[:, 0] > 0).long() + (X[:, 1] > 0).long()
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for i in range(25):
    optimizer.zero_grad()
    out = model(X)
    loss = {loss}
    loss.backward()
    optimizer.step()
"""
F = "nn.functional."
CLASSIFIERS = {
    "probabilities": (F + "cross_entropy(out.softmax(1), labels)", {"probabilities-as-logits"}),
    "probabilities of a module": ("nn.CrossEntropyLoss()(nn.Softmax(dim=1)(out), labels)", {"probabilities-as-logits"}),
    "logits": (F + "cross_entropy(out, labels)", set()),
    "log-probabilities into cross-entropy": (F + "cross_entropy(out.log_softmax(1), labels)", set()),
    "sigmoids into cross-entropy": (F + "cross_entropy(out.sigmoid(), labels)", set()),
    "positive logits": (F + "cross_entropy(out.relu() + 0.1, labels)", set()),
    "soft targets": (F + "cross_entropy(out, nn.functional.one_hot(labels, 3).float() * 0.9 + 0.1 / 3)", set()),
    "distillation": (F + "kl_div(out.log_softmax(1), (2 * out.detach()).softmax(1), reduction='batchmean')", set()),
    "scores into nll": (F + "nll_loss(out, labels)", {"unbounded-loss"}),
    "probabilities into nll": (F + "nll_loss(out.softmax(1), labels)", {"unbounded-loss"}),
    "log-probabilities into nll": (F + "nll_loss(out.log_softmax(1), labels)", set()),
    "cross-entropy by hand": ("out.logsumexp(1).mean() + " + F + "nll_loss(out, labels)", set()),
    "policy gradient": (
        "(" + F + "cross_entropy(out, labels, reduction='none') * (X[:, 0] - X[:, 0].mean())).mean() - 0.1",
        set(),
    ),
    "advantages in the log-probabilities": (F + "nll_loss(out.log_softmax(1) * X[:, :1], labels)", set()),
    "density": (F + "gaussian_nll_loss(out, torch.zeros(64, 3), torch.ones(64, 3)) - 9", set()),
}


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_losses_of_classifiers(bench: Bench, name: str) -> None:
    loss, expected = CLASSIFIERS[name]
    trace = bench.train(CLASSES.format(loss=loss))
    assert shown(trace) == expected, trace.symptoms
    for symptom in expected:
        assert trace.symptoms[symptom].first_step == 1 and trace.symptoms[symptom].shown >= 1
    if name == "logits":
        assert trace.symptoms["probabilities-as-logits"].checked > 15
    if name == "log-probabilities into nll":
        assert trace.symptoms["unbounded-loss"].checked > 15
    if name == "cross-entropy by hand":
        assert "unbounded-loss" not in trace.symptoms


def test_segmentation_is_judged_by_the_classes_of_its_pixels(bench: Bench) -> None:
    program = """
images, masks = torch.randn(6, 1, 9, 9), torch.randint(3, (6, 9, 9))
model = nn.Conv2d(1, 3, 3, padding=1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(6):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images){}, masks).backward()
    optimizer.step()
"""
    assert shown(bench.train(program.format(".softmax(1)"))) == {"probabilities-as-logits"}
    assert shown(bench.train(program.format(".softmax(2)"))) == set()
    assert shown(bench.train(program.format(""))) == set()


BINARY = """
labels = (X.sum(1, keepdim=True) > 0).float()
for i in range(25):
    optimizer.zero_grad()
    out = {out}
    {loss}.backward()
    optimizer.step()
"""
BINARIES = {
    "sigmoid": ("model(X).sigmoid()", F + "binary_cross_entropy_with_logits(out, labels)", {"loss-input-range"}),
    "sigmoid, squeezed": (
        "nn.Sigmoid()(model(X)).squeeze(1)",
        "nn.BCEWithLogitsLoss()(out, labels[:, 0])",
        {"loss-input-range"},
    ),
    "logits": ("model(X)", F + "binary_cross_entropy_with_logits(out, labels)", set()),
    "matching pair": ("model(X).sigmoid()", "nn.BCELoss()(out, labels)", set()),
    "small positive logits": ("model(X) * 1e-3 + 0.5", F + "binary_cross_entropy_with_logits(out, labels)", set()),
    "scaled probabilities": ("model(X).sigmoid() * 8 - 4", F + "binary_cross_entropy_with_logits(out, labels)", set()),
    "labels of -1 and 1": (
        "model(X * 9) * 9",
        "nn.BCEWithLogitsLoss()(out, labels * 2 - 1)",
        {"unbounded-loss"},
    ),
}


@pytest.mark.parametrize("name", BINARIES)
def test_losses_of_two_classes(bench: Bench, name: str) -> None:
    out, loss, expected = BINARIES[name]
    trace = bench.train(BINARY.format(out=out, loss=loss))
    assert shown(trace) == expected, trace.symptoms
    if name == "logits":
        assert trace.symptoms["loss-input-range"].checked > 15
    if name == "small positive logits":
        assert "loss-input-range" not in trace.symptoms, "it cannot be judged"


REGRESSIONS = {
    "a column against a row": (F + "mse_loss(model(X), y[:, 0])", {"broadcast-in-loss"}),
    "a row against a column": ("nn.SmoothL1Loss()(model(X).flatten(), y)", {"broadcast-in-loss"}),
    "equal shapes": (F + "mse_loss(model(X), y)", set()),
    "one target for all": (F + "mse_loss(model(X), torch.ones(1))", set()),
    "one image for all channels": (F + "l1_loss(model(X).reshape(8, 8, 1).expand(8, 8, 3), y.reshape(8, 8, 1))", set()),
    "each against each": (F + "mse_loss(model(X)[:, None, 0], y[None, :, 0])", set()),
    "quantiles": (
        F + "smooth_l1_loss(model(X).reshape(16, 4, 1), y.reshape(16, 1, 4), reduction='none').sum(1).mean()",
        set(),
    ),
    "one row": (F + "mse_loss(model(X[:1]), y[0])", set()),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", REGRESSIONS)
def test_shapes_in_losses(bench: Bench, name: str) -> None:
    loss, expected = REGRESSIONS[name]
    trace = bench.train(BINARY.format(out="None", loss=loss))
    assert shown(trace) == expected, trace.symptoms
    if expected:
        assert "(64,)" in trace.symptoms["broadcast-in-loss"].detail
    elif name not in ("one row", "one target for all"):
        assert trace.symptoms["broadcast-in-loss"].checked > 15


OUTPUTS = {
    "dead": ("nn.ReLU()(model(X) - 9)", "y.abs()", {"dead-output"}),
    "alive": ("(model(X) + 1).relu()", "y.abs()", set()),
    "zero is right": ("(model(X) - 9).relu()", "y * 0", set()),
    "leaky": ("nn.functional.leaky_relu(model(X) - 9)", "y.abs()", set()),
    "dead for some steps only": ("(model(X) - (9 if i < 15 else -9)).relu()", "y.abs()", set()),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_relu_behind_the_last_layer(bench: Bench, name: str) -> None:
    out, target, expected = OUTPUTS[name]
    trace = bench.train(BINARY.format(out=out, loss=f"nn.functional.mse_loss(out, {target})"))
    assert shown(trace) == expected, trace.symptoms
    if name == "alive":
        assert "dead-output" not in trace.symptoms, "other seeds may be dead: it cannot be judged"
    if name == "leaky":
        assert trace.symptoms["dead-output"].checked == 25


def test_losses_are_the_same_with_and_without_the_looks(bench: Bench) -> None:
    body = CLASSES.format(loss=CLASSIFIERS["probabilities"][0]) + "    print(loss.item().hex())\nprint(torch.rand(3))\n"
    watched, alone = bench.train(body), bench.train(body, observe=False)
    assert watched.stdout_tail == alone.stdout_tail != ""
