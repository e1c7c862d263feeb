"""The whole proof on real programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from bench.aa_programs import Case, cases
from fixer.verify import Budget, Expectation, Verdict, VerdictKind, confirm, verify
from fixer.verify.report import to_text
from fixer.verify.trace import Trace
from fixer.verify.trial import Trials

Judged = Callable[..., Verdict]

RIGHT = """\
import torch
from torch import nn

torch.manual_seed(42)
x = torch.randn(256, 8)
y = x @ torch.randn(8, 1) + 0.1 * torch.randn(256, 1)
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
for step in range(80):
    index = torch.randint(0, 256, (32,))
    loss = nn.functional.mse_loss(model(x[index]), y[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
STALE = RIGHT.replace("    optimizer.zero_grad()\n", "")
STALE_EXPECTED = Expectation(("stale-gradients",), "either")


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials(Path(sys.executable)) as running:
        yield running


@pytest.fixture
def judged(tmp_path: Path, trials: Trials) -> Judged:
    return partial(verify, path=tmp_path / "train.py", trials=trials)


def test_a_right_mend_is_improved_though_the_buggy_loop_falls_faster(judged: Judged) -> None:
    told: list[tuple[int, int, str]] = []
    verdict = judged(STALE, RIGHT, expected=STALE_EXPECTED, progress=lambda *each: told.append(each))
    assert verdict.verdict is VerdictKind.IMPROVED
    assert verdict.loss.effect is not None and verdict.loss.effect > 0.5
    assert to_text(verdict, color=False).startswith("improved: stale gradients are gone (158 of 160 steps before, 0 of")
    assert [each[:2] for each in told] == [(done, 4) for done in range(1, 5)]
    assert verdict.pairing.kept and verdict.pairing.known
    assert verdict.isolation and verdict.versions


def test_the_same_mend_without_a_rule_is_improved_too(judged: Judged) -> None:
    assert judged(STALE, RIGHT).verdict is VerdictKind.IMPROVED


def test_undoing_the_mend_is_a_regression(judged: Judged) -> None:
    verdict = judged(RIGHT, STALE)
    assert verdict.verdict is VerdictKind.REGRESSED
    assert "stale gradients are there" in verdict.reason


def test_a_neutral_refactoring_is_equivalent(judged: Judged) -> None:
    moved = RIGHT.replace("for step in range(80):", "def objective(i):\n    return LOSS(i)\n\n\nfor step in range(80):")
    moved = moved.replace("LOSS(i)", "nn.MSELoss()(model(x[i]), y[i])").replace(
        "nn.functional.mse_loss(model(x[index]), y[index])", "objective(index)"
    )
    verdict = judged(RIGHT, moved)
    assert verdict.verdict is VerdictKind.EQUIVALENT
    assert verdict.seeds == (0, 1)


def test_the_same_text_is_equivalent_without_running(tmp_path: Path) -> None:
    verdict = verify(RIGHT, RIGHT.encode(), path=tmp_path / "train.py", python="/nowhere/python")
    assert verdict.verdict is VerdictKind.EQUIVALENT
    assert verdict.seeds == ()


def test_a_crash_after_plausible_losses_is_a_crash(judged: Judged) -> None:
    broken = RIGHT + "print(model(x[:, :3]))\n"
    verdict = judged(broken, RIGHT)
    assert verdict.verdict is VerdictKind.CRASH_FIXED
    assert "after 80 steps: RuntimeError" in verdict.reason
    assert "train.py:15" in verdict.reason


def test_two_programs_that_crash_are_not_run_and_the_reason_says_what_to_do(judged: Judged) -> None:
    needs = "import sys\nif len(sys.argv) < 2:\n    sys.exit(2)\n" + RIGHT
    verdict = judged(needs, needs.replace("80", "40"))
    assert verdict.verdict is VerdictKind.NOT_RUN
    assert "after --" in verdict.reason
    assert judged(needs, needs + "# end\n", args=("go",)).verdict is VerdictKind.EQUIVALENT


EVALUATION = """\
import torch
from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __init__(self, train=True):
        self.images = torch.rand(16, 3, 8, 8)
        self.train = train

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.images[index]
        if torch.rand(1) < 0.5:
            image = image.flip(-1)
        return image


model = torch.nn.Conv2d(3, 2, 3)
model.eval()
with torch.no_grad():
    for batch in DataLoader(Images(train=False), batch_size=4):
        print(model(batch).mean())
"""


def test_a_program_that_never_trains_is_judged_by_its_symptoms(judged: Judged) -> None:
    mended = EVALUATION.replace("if torch", "if self.train and torch")
    verdict = judged(EVALUATION, mended, expected=Expectation(("evaluation-not-repeatable",), "same"))
    assert verdict.verdict is VerdictKind.IMPROVED
    assert "random evaluation data is gone" in verdict.reason
    assert "does not train" in verdict.reason


def test_a_program_that_never_trains_and_shows_nothing_is_not_run(judged: Judged) -> None:
    verdict = judged("print(1)\n", "print(2)\n")
    assert verdict.verdict is VerdictKind.NOT_RUN
    assert "neither version trains" in verdict.reason


def test_an_interpreter_that_is_none_is_told(tmp_path: Path) -> None:
    verdict = verify(STALE, RIGHT, path=tmp_path / "train.py", python=tmp_path / "python")
    assert verdict.verdict is VerdictKind.NOT_RUN
    assert "--python" in verdict.reason


def test_a_loss_that_becomes_nan_is_a_regression(judged: Judged) -> None:
    verdict = judged(RIGHT, RIGHT.replace("lr=1e-3", "lr=1e3"))
    assert verdict.verdict is VerdictKind.REGRESSED
    assert "non-finite" in verdict.reason


def test_finished_runs_are_not_run_again(judged: Judged) -> None:
    cache: dict[str, Trace] = {}
    budget = Budget(steps=20)
    first = judged(STALE, RIGHT, cache=cache, budget=budget)
    assert len(cache) == 4
    assert judged(STALE, RIGHT, cache=cache, budget=budget).symptoms == first.symptoms
    assert len(cache) == 4
    assert judged(RIGHT, STALE, cache=cache, budget=budget).verdict is VerdictKind.REGRESSED
    assert len(cache) == 4


def test_a_bad_mend_is_taken_out_of_a_set(judged: Judged) -> None:
    mends = {
        "clear": ("    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()"),
        "spoil": ("(8, 32)", "(9, 32)"),
        "rename": ("index", "chosen"),
    }
    cache: dict[str, Trace] = {}

    def apply(names: Sequence[str]) -> str:
        text = STALE
        for name in names:
            text = text.replace(*mends[name])
        return text

    def prove(before: str | bytes, after: str | bytes, expected: Expectation) -> Verdict:
        return judged(before, after, expected=expected, cache=cache)

    found = confirm(
        STALE,
        list(mends),
        apply=apply,
        prove=prove,
        expect=lambda name: STALE_EXPECTED if name == "clear" else Expectation(),
        must_improve=lambda name: name == "clear",
    )
    assert found.kept == ("clear", "rename")
    assert found.text == apply(["clear", "rename"])
    assert "crashes" in found.dropped[0].reason


SAMPLE = [
    "mlp, adam, same program",
    "cnn, momentum, renamed",
    "gan, sgd, draw before the model",
    "stream, adam, yardstick: divided loss",
    "two classes, sgd, yardstick: draw before the model",
]


@pytest.mark.parametrize("case", [case for case in cases() if case.name in SAMPLE], ids=lambda case: case.name)
def test_equal_programs_are_not_told_apart(case: Case, judged: Judged) -> None:
    verdict = judged(case.before, case.after, expected=case.expected)
    assert verdict.verdict in (VerdictKind.EQUIVALENT, VerdictKind.INCONCLUSIVE)
    if "draw" not in case.edit:
        assert verdict.verdict is VerdictKind.EQUIVALENT
