"""Versions whose losses cannot be compared: what the common measure decides, and how often it is wrong."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from fixer.verify.compare import Decision, LossComparison, Scale
from fixer.verify.symptoms import Expectation
from fixer.verify.trace import Scores, Trace
from fixer.verify.verdict import VerdictKind
from fixer.verify.yardstick import compare_yardstick
from tests.verify.test_verdict import Maker, judged, scaled
from tests.verify.traces import falling, pairs, trace

OTHER = Expectation(loss="not-comparable")
MENDED = Expectation(("probabilities-as-logits",), "not-comparable")
SHOWN, GONE = {"probabilities-as-logits": 12}, {"probabilities-as-logits": 0}


def errors(seed: int, rate: float, *, batch: int = 32, steps: int = 100, fresh: bool = True, **kind: str) -> Scores:
    """An error rate that falls to `rate`, with the noise of batches of this size."""
    rng = random.Random(seed)
    values = []
    for step in range(steps):
        chance = rate + (0.8 - rate) * 0.9**step
        values.append(sum(rng.random() < chance for _ in range(batch)) / batch)
    named = {"function": "cross_entropy", "measure": "error rate", **kind}
    return Scores(values=tuple(values), counts=(batch,) * steps, fresh=(fresh,) * steps, **named)


Rate = float | Callable[[int], float]


def scoring(rate: Rate, *, offset: int = 0, losses: float = 1.0, **overrides: object) -> Maker:
    """Runs with an error rate of their own beside losses of their own."""

    def make(version: str, seed: int) -> Trace:
        level = rate(seed) if callable(rate) else rate
        shown = overrides.get("shown", {})
        told = {name: value for name, value in overrides.items() if name != "shown"}
        scores = (errors(seed * 10 + offset, level, **told),)  # type: ignore[arg-type]
        return trace(version, seed, tuple(losses * value for value in falling(seed)), yardstick=scores, shown=shown)

    return make


def compared(before: Maker, after: Maker, count: int = 3) -> LossComparison:
    return compare_yardstick(pairs(count, lambda s: before("before", s), lambda s: after("after", s)))[0]


def test_shares_are_compared_as_shares() -> None:
    found = compared(scoring(0.34), scoring(0.21, offset=1), 5)
    assert found.decision is Decision.LOWER
    assert found.scale is Scale.RATE
    assert found.effect == pytest.approx(-0.13, abs=0.03)
    assert found.data == "first-seen batches"


def test_batches_that_were_trained_on_before_are_not_called_first_seen() -> None:
    found = compared(scoring(0.3, fresh=False), scoring(0.2, fresh=False))
    assert found.data == "training batches"


def test_a_tenth_of_nothing_is_the_same() -> None:
    assert compared(scoring(0.0), scoring(0.001, offset=1), 8).decision is Decision.SAME


def test_a_few_outputs_prove_nothing_though_three_seeds_agree() -> None:
    def one_wrong(wrong: int) -> Maker:
        values = (0.0,) * 9 + (wrong / 4,)
        scores = Scores("cross_entropy", "error rate", values, (4,) * 10, (True,) * 10)
        return lambda version, seed: trace(version, seed, yardstick=(scores,))

    assert compared(one_wrong(0), one_wrong(2)).decision is Decision.UNCLEAR


@pytest.mark.parametrize(("spread", "batch"), [(0.0, 4), (0.0, 32), (0.03, 32), (0.1, 32)])
def test_equal_versions_are_hardly_ever_told_apart(spread: float, batch: int) -> None:
    rng = random.Random(4)
    counts = dict.fromkeys(Decision, 0)
    for run in range(60):
        drawn = [min(max(rng.gauss(0.2, spread), 0.0), 1.0) for _ in range(32)]
        before = scoring(lambda s, d=drawn: d[s], offset=1000 * run, batch=batch, steps=60)  # type: ignore[misc]
        after = scoring(lambda s, d=drawn: d[s + 16], offset=1000 * run + 1, batch=batch, steps=60)  # type: ignore[misc]
        for look in (3, 5, 8):
            decision = compared(before, after, look).decision
            if decision in (Decision.LOWER, Decision.HIGHER):
                break
        counts[decision] += 1
    assert counts[Decision.LOWER] + counts[Decision.HIGHER] <= 6, "about one in twenty, both sides together"


def test_squared_errors_are_compared_as_losses_are() -> None:
    def distances(factor: float) -> Maker:
        def make(version: str, seed: int) -> Trace:
            values = tuple(factor * value for value in falling(seed))
            scores = Scores("mse_loss", "squared error", values, (32,) * 100, (True,) * 100)
            return trace(version, seed, yardstick=(scores,))

        return make

    found = compared(distances(1.0), distances(0.5))
    assert found.decision is Decision.LOWER
    assert found.scale is Scale.LOG


@pytest.mark.parametrize("other", [{"measure": "squared error", "function": "mse_loss"}, None])
def test_without_a_common_measure_nothing_is_compared(other: dict[str, str] | None) -> None:
    after = scoring(0.1, **other) if other else scaled(1.0)
    found = compared(scoring(0.3), after)
    assert found.decision is Decision.NONE
    assert "common yardstick" in found.note
    verdict = judged(scoring(0.3, shown=SHOWN), scaled(0.5, shown=GONE), MENDED)
    assert verdict.verdict is VerdictKind.IMPROVED
    assert "common yardstick" in verdict.reason


def test_a_mend_of_the_loss_is_told_with_the_errors_before_and_after() -> None:
    verdict = judged(scoring(0.34, shown=SHOWN), scoring(0.21, offset=1, losses=3, shown=GONE), MENDED)
    assert verdict.verdict is VerdictKind.IMPROVED
    assert verdict.reason.startswith("probabilities as logits are gone (36 of 36 losses before, 0 of 36 after); error ")
    assert "error rate on first-seen batches 3" in verdict.reason and "points lower" in verdict.reason
    assert verdict.loss.decision is Decision.NOT_COMPARABLE and verdict.loss.effect is None
    assert verdict.yardstick is not None and verdict.yardstick.decision is Decision.LOWER


def test_a_mend_of_the_loss_that_learns_worse_is_inconclusive_and_both_facts_are_told() -> None:
    verdict = judged(scoring(0.2, shown=SHOWN), scoring(0.4, offset=1, losses=3, shown=GONE), MENDED)
    assert verdict.verdict is VerdictKind.INCONCLUSIVE
    assert "probabilities as logits are gone" in verdict.reason
    assert "points higher" in verdict.reason


def test_the_yardstick_alone_decides_where_no_symptom_speaks() -> None:
    for expected in (OTHER, MENDED):
        better = judged(scoring(0.34), scoring(0.21, offset=1, losses=5), expected)
        worse = judged(scoring(0.21), scoring(0.34, offset=1, losses=0.2), expected)
        assert better.verdict is VerdictKind.IMPROVED and "by the fit alone" in better.reason
        assert worse.verdict is VerdictKind.REGRESSED
        assert len(better.seeds) >= 6, "three pairs with fresh seeds bear it out"
    same = judged(scoring(0.0), scoring(0.0, losses=0.2), OTHER)
    assert same.verdict is VerdictKind.EQUIVALENT
    unclear = judged(scoring(0.3, batch=2), scoring(0.3, batch=2, offset=1, losses=0.2), OTHER)
    assert unclear.verdict is VerdictKind.INCONCLUSIVE


def test_what_fresh_seeds_do_not_bear_out_is_inconclusive() -> None:
    verdict = judged(scoring(0.4), scoring(lambda s: 0.2 if s < 3 else 0.4, offset=1, losses=3), OTHER)
    assert verdict.verdict is VerdictKind.INCONCLUSIVE


def test_losses_of_different_functions_are_not_compared() -> None:
    other = {"function": "multi_margin_loss"}
    verdict = judged(scoring(0.2), scoring(0.35, offset=1, losses=0.3, **other))
    assert verdict.verdict is VerdictKind.REGRESSED
    assert "different loss functions" in verdict.reason
    again = judged(scoring(0.2), scoring(0.2, losses=1.0001, function="nll_loss"))
    assert again.verdict is VerdictKind.EQUIVALENT, "the same loss by another name"


def test_another_number_of_losses_is_judged_by_the_outputs() -> None:
    def two(version: str, seed: int) -> Trace:
        made = {"loss 1": falling(seed), "loss 2": falling(seed + 50)}
        return trace(version, seed, made, yardstick=(errors(seed * 10 + 1, 0.1),))

    assert judged(scoring(0.3), two).verdict is VerdictKind.IMPROVED


@pytest.mark.parametrize(("first", "kind"), [("same", VerdictKind.EQUIVALENT), ("other", VerdictKind.IMPROVED)])
def test_another_first_loss_of_the_same_outputs_is_another_loss_function(first: str, kind: VerdictKind) -> None:
    before, after = scoring(0.2, first="same"), scoring(0.2, losses=0.5, first=first)
    verdict = judged(before, after)
    assert verdict.verdict is kind
    assert ("different loss functions" in verdict.reason) == (first == "same")


def test_a_loss_that_is_only_counted_otherwise_is_no_improvement() -> None:
    def distances(factor: float) -> Maker:
        def make(version: str, seed: int) -> Trace:
            scores = Scores("mse_loss", "squared error", falling(seed), (32,) * 100, (True,) * 100)
            return trace(version, seed, tuple(factor * value for value in falling(seed)), yardstick=(scores,))

        return make

    verdict = judged(distances(1.0), distances(0.5))
    assert verdict.verdict is VerdictKind.INCONCLUSIVE
    assert "50 % lower" in verdict.reason and "squared error" in verdict.reason


def test_a_lower_loss_with_more_errors_is_inconclusive() -> None:
    verdict = judged(scoring(0.2), scoring(0.35, offset=1, losses=0.5))
    assert verdict.verdict is VerdictKind.INCONCLUSIVE
    assert judged(scoring(0.2), scoring(0.2, losses=0.5)).verdict is VerdictKind.IMPROVED
