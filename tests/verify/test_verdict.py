"""The verdict table: outcome first, then symptoms, then the loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from fixer.verify.prove import Request, prove
from fixer.verify.symptoms import MEANINGS, Expectation, LossEffect
from fixer.verify.trace import Outcome, Symptom, Trace
from fixer.verify.verdict import Verdict, VerdictKind
from tests.verify.traces import crash, falling, idle, trace

Maker = Callable[[str, int], Trace]
CLEAR = Expectation(("stale-gradients",), "either")


def judged(before: Maker, after: Maker, expected: Expectation | None = None, seeds: int = 8) -> Verdict:
    def run(wanted: Sequence[Request]) -> list[tuple[Request, Trace]]:
        return [(each, (before if each.version == "before" else after)(each.version, each.seed)) for each in wanted]

    return prove(run, expected or Expectation(), seeds=seeds)


def scaled(factor: float, **overrides: object) -> Maker:
    return lambda version, seed: trace(version, seed, tuple(factor * v for v in falling(seed)), **overrides)


def noisy(offset: int, spread: float, **overrides: object) -> Maker:
    def make(version: str, seed: int) -> Trace:
        factor = math.exp(spread * math.sin(seed * 7 + offset))
        return trace(version, seed, tuple(factor * v for v in falling(seed)), **overrides)

    return make


stale = scaled(1.0, shown={"stale-gradients": 12})


def test_a_stale_gradient_that_is_gone_is_an_improvement_though_the_loss_is_higher() -> None:
    cleared = scaled(2.4, shown={"stale-gradients": 0})
    for expected in (CLEAR, Expectation()):
        found = judged(stale, cleared, expected)
        assert found.verdict is VerdictKind.IMPROVED
        assert found.reason.startswith("stale gradients are gone (24 of 24 steps before, 0 of 24 after)")
        assert "no contradiction" in found.reason
        assert len(found.seeds) == 2


@pytest.mark.parametrize(("factor", "kind"), [(1.001, VerdictKind.EQUIVALENT), (1.3, VerdictKind.INCONCLUSIVE)])
def test_stale_gradients_too_faint_to_matter_are_no_improvement(factor: float, kind: VerdictKind) -> None:
    faint = Symptom("stale-gradients", 11, 12, 2, "", (1.0, 0.999995, 0.99999))
    found = judged(scaled(1, symptoms={faint.name: faint}), scaled(factor, shown={faint.name: 0}), CLEAR)
    assert found.verdict is kind
    assert "too faint to matter" in found.reason


def test_an_unexplained_rise_of_the_loss_is_inconclusive_and_both_facts_are_told() -> None:
    found = judged(
        scaled(1, shown={"parameters-frozen": 12}), scaled(1.5, shown={"parameters-frozen": 0}), Expectation()
    )
    assert found.verdict is VerdictKind.INCONCLUSIVE
    assert "frozen parameters are gone" in found.reason
    assert "50 % higher" in found.reason


def test_a_symptom_that_is_gone_and_a_lower_loss_are_an_improvement() -> None:
    found = judged(scaled(1, shown={"parameters-frozen": 12}), scaled(0.5, shown={"parameters-frozen": 0}))
    assert found.verdict is VerdictKind.IMPROVED
    assert "50 % lower" in found.reason
    assert len(found.seeds) == 3


def test_a_symptom_that_was_not_looked_for_afterwards_is_not_gone() -> None:
    def unjudged(version: str, seed: int) -> Trace:
        return trace(version, seed, symptoms={"stale-gradients": Symptom("stale-gradients", 0, 0)})

    found = judged(stale, unjudged, CLEAR)
    assert found.verdict is not VerdictKind.IMPROVED


def test_an_expected_symptom_that_stays_is_no_improvement_by_loss() -> None:
    found = judged(stale, scaled(0.5, shown={"stale-gradients": 3}), CLEAR)
    assert found.verdict is VerdictKind.INCONCLUSIVE
    assert "stale gradients are still there" in found.reason


def test_a_lower_loss_proves_nothing_where_the_loss_may_go_either_way() -> None:
    clean = {"stale-gradients": 0}
    found = judged(scaled(1, shown=clean), scaled(0.5, shown=clean), CLEAR)
    assert found.verdict is VerdictKind.INCONCLUSIVE


def test_a_new_symptom_is_a_regression_whatever_the_loss() -> None:
    found = judged(scaled(1, shown={"stale-gradients": 0}), scaled(0.3, shown={"stale-gradients": 5}))
    assert found.verdict is VerdictKind.REGRESSED
    moved = judged(
        scaled(1, shown={"stale-gradients": 12, "gradient-missing-at-step": 0}),
        scaled(1, shown={"stale-gradients": 0, "gradient-missing-at-step": 12}),
        CLEAR,
    )
    assert moved.verdict is VerdictKind.REGRESSED
    assert "empty steps" in moved.reason


def test_identical_losses_are_equivalent_after_two_pairs() -> None:
    found = judged(scaled(1), scaled(1))
    assert found.verdict is VerdictKind.EQUIVALENT
    assert "bit-identical" in found.reason
    assert found.seeds == (0, 1)


def test_rounding_is_equivalent() -> None:
    assert judged(scaled(1), scaled(1 + 1e-6)).verdict is VerdictKind.EQUIVALENT


def test_loss_alone_decides_where_no_symptom_speaks() -> None:
    lower, higher = judged(scaled(1), scaled(0.8)), judged(scaled(1), scaled(1.2))
    assert lower.verdict is VerdictKind.IMPROVED
    assert "by the loss alone" in lower.reason
    assert higher.verdict is VerdictKind.REGRESSED


def test_loss_alone_is_measured_against_repeated_runs() -> None:
    told: list[Request] = []

    def run(wanted: Sequence[Request]) -> list[tuple[Request, Trace]]:
        told.extend(wanted)
        factors = {"before": 1.0, "after": 0.8}
        return [
            (each, scaled(factors[each.version] * (1.3 if each.repeat else 1.0))(each.version, each.seed))
            for each in wanted
        ]

    found = prove(run, Expectation())
    assert any(each.repeat for each in told)
    assert found.verdict is not VerdictKind.IMPROVED
    assert found.loss.margin > 0.5


@pytest.mark.parametrize("seeds", [3, 5])
def test_what_fresh_seeds_do_not_bear_out_is_inconclusive(seeds: int) -> None:
    def lucky(version: str, seed: int) -> Trace:
        return scaled(0.8 if seed < seeds else 1.1)(version, seed)

    found = judged(scaled(1), lucky, seeds=seeds)
    assert found.verdict is VerdictKind.INCONCLUSIVE
    assert "fresh seeds" in found.reason or "chance" in found.reason


def test_a_verdict_by_loss_is_confirmed_on_fresh_seeds() -> None:
    assert judged(scaled(1), scaled(0.8)).seeds == (0, 1, 2, 3, 4, 5)


def test_chance_is_inconclusive_after_all_pairs() -> None:
    found = judged(noisy(0, 0.2), noisy(3, 0.2))
    assert found.verdict is VerdictKind.INCONCLUSIVE
    assert len(found.seeds) == 8


def test_losses_that_are_not_comparable_are_not_used() -> None:
    other = Expectation(("probabilities-as-logits",), "not-comparable")
    shown, gone = {"probabilities-as-logits": 12}, {"probabilities-as-logits": 0}
    assert judged(scaled(1, shown=shown), scaled(3, shown=gone), other).verdict is VerdictKind.IMPROVED
    assert judged(scaled(1, shown=gone), scaled(0.3, shown=gone), other).verdict is VerdictKind.INCONCLUSIVE


def test_a_crash_that_is_gone() -> None:
    found = judged(crash, scaled(1))
    assert found.verdict is VerdictKind.CRASH_FIXED
    assert "ValueError: boom (train.py:12 in main)" in found.reason
    assert len(found.seeds) == 2


def test_a_crash_after_plausible_losses_is_a_crash() -> None:
    def late(version: str, seed: int) -> Trace:
        return trace(version, seed, outcome=Outcome.CRASHED, crash=crash(version, seed).crash)

    assert judged(late, scaled(1)).verdict is VerdictKind.CRASH_FIXED
    assert judged(scaled(1), late).verdict is VerdictKind.REGRESSED


def test_a_crash_that_gives_way_to_a_run_that_does_not_train() -> None:
    found = judged(crash, idle)
    assert found.verdict is VerdictKind.CRASH_FIXED
    assert "does not train by itself" in found.reason


def test_a_crash_that_gives_way_to_nan_is_not_fixed() -> None:
    found = judged(crash, scaled(1, non_finite=True))
    assert found.verdict is VerdictKind.INCONCLUSIVE


def test_a_crash_that_hid_a_symptom_is_fixed_and_the_symptom_told() -> None:
    found = judged(crash, stale)
    assert found.verdict is VerdictKind.CRASH_FIXED
    assert "stale gradients" in found.reason


@pytest.mark.parametrize("message", ["boom", "another"])
def test_two_crashes_are_not_run(message: str) -> None:
    found = judged(crash, lambda version, seed: crash(version, seed, message))
    assert found.verdict is VerdictKind.NOT_RUN
    assert message in found.reason
    assert ("in the same way" in found.reason) == (message == "boom")


def test_one_crash_in_eight_seeds_is_not_a_verdict() -> None:
    def sometimes(version: str, seed: int) -> Trace:
        return crash(version, seed) if seed == 4 else scaled(0.5)(version, seed)

    found = judged(noisy(0, 0.2), lambda v, s: crash(v, s) if s == 1 else noisy(3, 0.2)(v, s))
    assert found.verdict is VerdictKind.INCONCLUSIVE
    assert judged(sometimes, sometimes).verdict is VerdictKind.EQUIVALENT


def test_a_crash_in_two_seeds_after_none_before_is_a_regression() -> None:
    found = judged(scaled(1), lambda v, s: crash(v, s) if s in (1, 2) else scaled(0.9)(v, s))
    assert found.verdict is VerdictKind.REGRESSED


def test_nan_that_appears_or_goes() -> None:
    nan = scaled(1, non_finite=True)
    assert judged(scaled(1), nan).verdict is VerdictKind.REGRESSED
    assert judged(nan, scaled(1)).verdict is VerdictKind.IMPROVED


def test_neither_trains() -> None:
    found = judged(idle, idle)
    assert found.verdict is VerdictKind.NOT_RUN
    assert "arguments it needs after --" in found.reason


def test_a_symptom_needs_no_training() -> None:
    found = judged(
        lambda v, s: idle(v, s, shown={"evaluation-not-repeatable": 12}),
        lambda v, s: idle(v, s, shown={"evaluation-not-repeatable": 0}),
    )
    assert found.verdict is VerdictKind.IMPROVED
    assert "does not train" in found.reason


def test_a_program_that_stops_training_is_a_regression() -> None:
    assert judged(scaled(1), idle).verdict is VerdictKind.REGRESSED
    assert judged(idle, scaled(1)).verdict is VerdictKind.INCONCLUSIVE


def test_time_that_runs_out_before_the_first_step() -> None:
    def hangs(version: str, seed: int) -> Trace:
        return trace(version, seed, {}, outcome=Outcome.TIMEOUT, seconds=60.0)

    found = judged(hangs, hangs)
    assert found.verdict is VerdictKind.NOT_RUN
    assert "--seconds" in found.reason
    assert judged(scaled(1), hangs).verdict is VerdictKind.INCONCLUSIVE


def test_seeds_that_change_nothing_do_not_convict() -> None:
    found = judged(lambda v, _: trace(v, 0, falling(0)), lambda v, _: trace(v, 0, falling(0, end=0.5)))
    assert found.verdict is VerdictKind.INCONCLUSIVE
    assert any("1 of 8 pairs" in note for note in found.notes)


def test_one_seed_is_enough_for_a_crash_and_not_for_a_loss() -> None:
    assert judged(crash, scaled(1), seeds=1).verdict is VerdictKind.CRASH_FIXED
    assert judged(scaled(1), scaled(0.5), seeds=1).verdict is VerdictKind.INCONCLUSIVE


def test_every_inverted_signal_may_raise_the_loss() -> None:
    inverted = {"stale-gradients", "eval-mode-in-training", "unclipped-step", "scheduler-warning", "split-overlap"}
    assert all(MEANINGS[name].loss is LossEffect.EITHER for name in inverted)


def test_only_isolation_that_was_always_active_is_claimed() -> None:
    def run(version: str, seed: int) -> Trace:
        return trace(version, seed, isolation=("no network", "no writes") if seed else ("no writes",))

    assert judged(run, run).isolation == ("no writes",)
