"""Evaluation losses: shown with their interval, and neither an improvement nor a regression by themselves."""

from __future__ import annotations

import json

import pytest

from fixer.verify.compare import Decision
from fixer.verify.evaluation import compare_evaluation
from fixer.verify.report import to_json, to_text
from fixer.verify.symptoms import Expectation
from fixer.verify.trace import Trace
from fixer.verify.verdict import VerdictKind
from tests.verify.test_verdict import Maker, judged
from tests.verify.traces import falling, pairs, trace

MODE = Expectation(("train-mode-in-evaluation",), "same")
SHOWN, GONE = {"train-mode-in-evaluation": 12}, {"train-mode-in-evaluation": 0}


def evaluating(factor: float, *, losses: float = 1.0, passes: int = 4, **overrides: object) -> Maker:
    """Runs whose evaluation loss falls from pass to pass, to a level of the seed's own."""

    def make(version: str, seed: int) -> Trace:
        level = factor * (0.3 + 0.02 * seed)
        series = {"evaluation 1": tuple(level * (1 + 1 / (number + 1)) for number in range(passes))}
        return trace(version, seed, tuple(losses * v for v in falling(seed)), evaluation=series, **overrides)

    return make


@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_a_mend_of_the_evaluation_is_proved_by_its_symptom_whatever_the_evaluation_loss_does(factor: float) -> None:
    verdict = judged(evaluating(1.0, shown=SHOWN), evaluating(factor, shown=GONE), MODE)
    assert verdict.verdict is VerdictKind.IMPROVED
    assert "training is bit-identical, as it should be" in verdict.reason
    assert ("30 % lower" if factor < 1 else "40 % higher") in verdict.reason
    assert "at 98 % confidence, 3 pairs" in verdict.reason
    assert "neither better nor worse" in verdict.reason


def test_an_evaluation_that_stays_bit_identical_needs_no_third_pair() -> None:
    verdict = judged(evaluating(1.0, shown=SHOWN), evaluating(1.0, shown=GONE), MODE)
    assert verdict.verdict is VerdictKind.IMPROVED
    assert len(verdict.seeds) == 2
    assert verdict.reason.endswith("training is bit-identical, as it should be")


def test_a_mend_of_the_evaluation_that_raises_the_training_loss_is_inconclusive() -> None:
    verdict = judged(evaluating(1.0, shown=SHOWN), evaluating(1.0, losses=1.5, shown=GONE), MODE)
    assert verdict.verdict is VerdictKind.INCONCLUSIVE
    assert "50 % higher" in verdict.reason


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_without_a_rule_a_changed_evaluation_is_a_fact_and_no_verdict(factor: float) -> None:
    verdict = judged(evaluating(1.0), evaluating(factor))
    assert verdict.verdict is VerdictKind.INCONCLUSIVE
    assert verdict.reason.startswith("training is bit-identical; the loss of evaluation 1 is")
    assert len(verdict.seeds) == 3


def test_evaluation_that_differs_by_rounding_is_equivalent() -> None:
    assert judged(evaluating(1.0), evaluating(1.0 + 1e-6)).verdict is VerdictKind.EQUIVALENT


def test_evaluation_in_another_place_is_not_compared() -> None:
    moved = judged(evaluating(1.0), lambda v, s: trace(v, s, falling(s), evaluation={}))
    assert moved.verdict is VerdictKind.INCONCLUSIVE
    assert "other places" in moved.reason


def test_an_honest_split_is_shown_beside_the_training_loss() -> None:
    overlap = Expectation(("split-overlap",), "either")
    before = evaluating(1.0, shown={"split-overlap": 12})
    verdict = judged(before, evaluating(1.8, losses=0.9, shown={"split-overlap": 0}), overlap)
    assert verdict.verdict is VerdictKind.IMPROVED
    assert "80 % higher" in verdict.reason and "neither better nor worse" in verdict.reason


def test_a_mend_of_the_training_says_nothing_of_evaluation() -> None:
    stale = evaluating(1.0, shown={"stale-gradients": 12})
    verdict = judged(stale, evaluating(0.5, losses=0.8, shown={"stale-gradients": 0}))
    assert "evaluation" not in verdict.reason
    assert [each.decision for each in verdict.evaluation] == [Decision.UNCLEAR]


def test_evaluation_under_another_loss_function_is_not_compared() -> None:
    shown, gone = {"probabilities-as-logits": 12}, {"probabilities-as-logits": 0}
    verdict = judged(evaluating(1.0, shown=shown), evaluating(0.5, losses=0.8, shown=gone))
    assert verdict.evaluation == ()


def test_the_last_passes_count() -> None:
    made = pairs(3, lambda s: evaluating(1.0)("before", s), lambda s: evaluating(0.9, passes=4)("after", s))
    found = compare_evaluation(made)[0]
    assert found.decision is Decision.LOWER
    assert found.before[0] == pytest.approx(0.3 * 1.25)
    assert found.summary == "median of the last 1 of 4 passes"


def test_both_reports_show_it_and_say_what_it_is_worth() -> None:
    verdict = judged(evaluating(1.0, shown=SHOWN), evaluating(1.4, shown=GONE), MODE)
    text = to_text(verdict, color=False)
    assert "eval loss the loss of evaluation 1 is 40 % higher" in " ".join(text.split())
    assert "proves nothing" in text
    told = json.loads(to_json(verdict))["evaluation"]
    assert told[0]["series"] == "evaluation 1" and told[0]["decision"] == "higher" and told[0]["scale"] == "log"
