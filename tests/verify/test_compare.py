"""The losses: what is told apart, what is not, and how often chance is taken for an effect."""

import math
import random

import pytest

from fixer.verify.compare import LOOKS, Decision, Scale, check_pairing, compare_losses, identical, judge
from fixer.verify.trace import Outcome
from tests.verify.traces import falling, pairs, trace


def _rates(spread: float, truth: float, runs: int = 600) -> dict[Decision, float]:
    """How often each decision falls when differences of this spread are looked at as the program does."""
    rng = random.Random(20)
    counts = dict.fromkeys(Decision, 0)
    for _ in range(runs):
        differences: list[float] = []
        decision = Decision.UNCLEAR
        for look in LOOKS:
            differences += [rng.gauss(truth, spread) for _ in range(look - len(differences))]
            decision = judge(differences)
            if decision is not Decision.UNCLEAR:
                break
        counts[decision] += 1
    return {decision: count / runs for decision, count in counts.items()}


@pytest.mark.parametrize("spread", [0.002, 0.02, 0.05, 0.1])
def test_equal_programs_are_hardly_ever_told_apart(spread: float) -> None:
    rates = _rates(spread, 0.0)
    assert rates[Decision.LOWER] <= 0.04
    assert rates[Decision.HIGHER] <= 0.04


def test_well_paired_equal_programs_are_called_the_same() -> None:
    assert _rates(0.002, 0.0)[Decision.SAME] == 1.0
    assert _rates(0.01, 0.0)[Decision.SAME] > 0.9


def test_effects_are_found() -> None:
    assert _rates(0.01, -0.05)[Decision.LOWER] > 0.99
    assert _rates(0.05, -0.2)[Decision.LOWER] > 0.99
    assert _rates(0.1, 0.2)[Decision.HIGHER] > 0.9


def test_outliers_are_no_effect_either() -> None:
    # Differences of exchangeable runs are symmetric, so heavy tails are what can go wrong, not skew.
    rng = random.Random(5)
    told = {Decision.LOWER: 0, Decision.HIGHER: 0}
    for _ in range(600):
        differences = [rng.gauss(0, 0.03 if rng.random() < 0.9 else 0.3) for _ in range(8)]
        looks = (judge(differences[:look]) for look in LOOKS)
        decision = next((each for each in looks if each is not Decision.UNCLEAR), None)
        if decision in told:
            told[decision] += 1
    assert max(told.values()) / 600 <= 0.03


def test_without_pairing_three_pairs_prove_nothing() -> None:
    assert judge([-0.5, -0.51, -0.49]) is Decision.LOWER
    assert judge([-0.5, -0.51, -0.49], paired=False) is Decision.UNCLEAR
    assert judge([-0.5, -0.51, -0.49, -0.5, -0.52, -0.48, -0.5, -0.51], paired=False) is Decision.LOWER
    assert judge([-0.07, -0.06, -0.08, -0.07, -0.07, -0.06, -0.08, -0.07], paired=False) is Decision.UNCLEAR


def test_one_contrary_pair_of_eight_is_not_confirmed_by_the_sign_flip() -> None:
    values = [-0.3, -0.31, -0.29, -0.3, -0.32, -0.28, -0.3, 0.9]
    assert judge(values) is Decision.UNCLEAR


def test_identical_losses_are_identical_nan_included() -> None:
    curve = (*falling(1)[:50], math.nan)
    found = compare_losses(pairs(2, lambda s: trace("before", s, curve), lambda s: trace("after", s, curve)))
    assert found[0].decision is Decision.IDENTICAL


def test_training_is_identical_whatever_evaluation_says() -> None:
    made = pairs(
        3,
        lambda s: trace("before", s, evaluation={"evaluation 1": (0.5,)}),
        lambda s: trace("after", s, evaluation={"evaluation 1": (0.4,)}),
    )
    assert compare_losses(made)[0].decision is Decision.IDENTICAL
    assert not any(map(identical, made))


def test_a_run_cut_by_the_clock_is_identical_as_far_as_it_got() -> None:
    def late(seed: int) -> object:
        return trace("after", seed, falling(seed)[:60], outcome=Outcome.TIMEOUT)

    found = compare_losses(pairs(2, lambda s: trace("before", s, falling(s)), late))  # type: ignore[arg-type]
    assert found[0].decision is Decision.IDENTICAL


def test_a_run_that_ends_earlier_is_not_identical() -> None:
    made = pairs(3, lambda s: trace("before", s), lambda s: trace("after", s, falling(s)[:60]))
    assert compare_losses(made)[0].decision is not Decision.IDENTICAL


def test_lower_by_a_tenth_is_lower() -> None:
    made = pairs(3, lambda s: trace("before", s), lambda s: trace("after", s, tuple(0.9 * v for v in falling(s))))
    found = compare_losses(made)[0]
    assert found.decision is Decision.LOWER
    assert found.effect == pytest.approx(math.log(0.9))
    assert found.pairs == 3


def test_losses_below_zero_are_compared_on_a_common_scale() -> None:
    def shifted(seed: int, by: float) -> tuple[float, ...]:
        return tuple(value - 1.5 - by for value in falling(seed, end=0.5))

    made = pairs(5, lambda s: trace("before", s, shifted(s, 0)), lambda s: trace("after", s, shifted(s, 0.3)))
    found = compare_losses(made)[0]
    assert found.decision is Decision.LOWER
    assert found.scale is Scale.ASINH
    same = pairs(5, lambda s: trace("before", s, shifted(s, 0)), lambda s: trace("after", s, shifted(s, 1e-4)))
    assert compare_losses(same)[0].decision is Decision.SAME


def test_losses_of_zero_and_next_to_zero_are_the_same() -> None:
    made = pairs(
        3, lambda s: trace("before", s, (1.0,) + (1e-12,) * 40), lambda s: trace("after", s, (1.0,) + (1e-9,) * 40)
    )
    assert compare_losses(made)[0].decision is not Decision.HIGHER


def test_nan_is_not_compared() -> None:
    made = pairs(3, lambda s: trace("before", s), lambda s: trace("after", s, (*falling(s)[:50], math.nan)))
    found = compare_losses(made)[0]
    assert found.decision is Decision.UNCLEAR
    assert "finite" in found.note


def test_short_runs_are_not_judged() -> None:
    made = pairs(3, lambda s: trace("before", s, falling(s)[:3]), lambda s: trace("after", s, falling(s + 50)[:3]))
    found = compare_losses(made)[0]
    assert found.decision is Decision.UNCLEAR
    assert "short" in found.note


def test_seeds_that_change_nothing_are_no_replicates() -> None:
    made = pairs(8, lambda _: trace("before", 0, falling(0)), lambda _: trace("after", 0, falling(0, end=0.1)))
    found = compare_losses(made)[0]
    assert found.pairs == 1
    assert found.decision is Decision.UNCLEAR


def test_a_different_number_of_losses_is_not_compared() -> None:
    two = {"loss 1": falling(1), "loss 2": falling(2)}
    found = compare_losses(pairs(3, lambda s: trace("before", s), lambda s: trace("after", s, two)))
    assert found[0].decision is Decision.NOT_COMPARABLE


def _gan(seed: int, first: float, second: float) -> dict[str, tuple[float, ...]]:
    return {"loss 1": tuple(first * v for v in falling(seed)), "loss 2": tuple(second * v for v in falling(seed + 99))}


@pytest.mark.parametrize(
    ("first", "second", "decision"),
    [
        (0.8, 0.8, Decision.LOWER),
        (0.8, 1.0, Decision.UNCLEAR),
        (0.8, 1.3, Decision.UNCLEAR),
        (1.0, 1.3, Decision.HIGHER),
        (1.001, 1.001, Decision.SAME),
    ],
)
def test_of_several_losses_all_must_agree_and_the_worst_decides(
    first: float, second: float, decision: Decision
) -> None:
    made = pairs(5, lambda s: trace("before", s, _gan(s, 1, 1)), lambda s: trace("after", s, _gan(s, first, second)))
    assert compare_losses(made)[0].decision is decision


def test_broken_pairing_is_said() -> None:
    kept = check_pairing(pairs(2, lambda s: trace("before", s), lambda s: trace("after", s)))
    assert kept.known and kept.kept
    batches = tuple(f"other-{step}" for step in range(100))
    broken = check_pairing(pairs(2, lambda s: trace("before", s), lambda s: trace("after", s, batches=batches)))
    assert not broken.kept
    assert "step 1" in broken.note


def test_runs_that_repeat_badly_widen_the_margin() -> None:
    made = pairs(3, lambda s: trace("before", s), lambda s: trace("after", s, tuple(0.9 * v for v in falling(s))))
    found = compare_losses(made, {"loss 1": 0.2})[0]
    assert found.margin == pytest.approx(0.4)
    assert found.decision is Decision.SAME
