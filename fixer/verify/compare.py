"""The loss as a witness: paired statistics over seeds, which must hardly ever tell a program from itself."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from fixer.verify.trace import Outcome, Trace

Pair = tuple[Trace, Trace]
Curve = tuple[float, ...]
Value = TypeVar("Value")

LOOKS = (3, 5, 8)
"""After how many pairs the losses are judged: simulated, three looks at ALPHA stay below 2.5 % false alarms a side."""
ALPHA = 0.01
MARGIN = 0.02
"""Differences of log loss within about 2 % are no difference."""
UNPAIRED_MARGIN = 0.1
"""Without common random numbers another seed alone moves the loss by several percent."""
_EXACT_FROM = 7
"""The fewest pairs at which an exact sign-flip test can fall below ALPHA (1 / 2^7)."""
_SHORTEST = 5
_FLOOR, _CEILING = 1e-6, 1e6
"""In units of the first loss: what lies below is numerical dust, what lies above is divergence."""


class Decision(StrEnum):
    """What the losses say of the version after, compared with the one before."""

    LOWER = "lower"
    SAME = "same"
    HIGHER = "higher"
    IDENTICAL = "identical"
    """Bit for bit: the edit had no observable effect."""
    UNCLEAR = "unclear"
    NOT_COMPARABLE = "not-comparable"
    NONE = "none"
    """Nothing was back-propagated on at least one side."""


class Scale(StrEnum):
    """What differences are taken on."""

    LOG = "log"
    """log(after / before): equal steps are equal ratios."""
    ASINH = "asinh"
    """Of losses that fall to zero or below: asinh(loss / first loss)."""
    RATE = "rate"
    """Of shares between 0 and 1: after - before."""


@dataclass(frozen=True)
class LossComparison:
    """One loss, or another measure, on both sides. `effect` and `interval` are differences on `scale`: negative is
    lower."""

    decision: Decision
    series: str = ""
    summary: str = ""
    before: tuple[float, ...] = ()
    """Of each pair, the value that stands for its end."""
    after: tuple[float, ...] = ()
    effect: float | None = None
    interval: tuple[float, float] | None = None
    pairs: int = 0
    """Pairs that count: runs that equal one of another seed are not replicates."""
    margin: float = MARGIN
    scale: Scale = Scale.LOG
    note: str = ""
    measure: str = "loss"
    data: str = ""
    """Where it was measured, if that is not simply the training of the script."""


@dataclass(frozen=True)
class Pairing:
    """Whether both versions of each pair saw the same batches; early looks at the loss need that."""

    known: bool
    kept: bool
    note: str = ""


def judge(
    differences: Sequence[float],
    margin: float = MARGIN,
    *,
    paired: bool = True,
    alpha: float = ALPHA,
    floor: float = 0.0,
    unpaired: float = UNPAIRED_MARGIN,
) -> Decision:
    """One look at the differences of log loss, after minus before.

    Without common random numbers (`paired`) a difference must be larger (`unpaired`), and the exact test must confirm
    it. `floor` is the least standard deviation that can be believed.
    """
    if len(differences) < LOOKS[0]:
        return Decision.UNCLEAR
    mean = statistics.fmean(differences)
    low, high = confidence(differences, alpha, floor)
    if -margin < low and high < margin:
        return Decision.SAME
    if not paired:
        margin = max(margin, unpaired)
    if low <= 0 <= high or abs(mean) <= margin or (not paired and len(differences) < _EXACT_FROM):
        return Decision.UNCLEAR
    if len(differences) >= _EXACT_FROM and _sign_flip(differences) > alpha:
        return Decision.UNCLEAR
    return Decision.HIGHER if mean > 0 else Decision.LOWER


def confidence(differences: Sequence[float], alpha: float = ALPHA, floor: float = 0.0) -> tuple[float, float]:
    """The t interval whose two ends each have the one-sided error `alpha`."""
    from scipy import stats

    mean, spread = statistics.fmean(differences), max(statistics.stdev(differences), floor)
    half = float(stats.t.ppf(1 - alpha, len(differences) - 1)) * spread / math.sqrt(len(differences))
    return mean - half, mean + half


def _sign_flip(differences: Sequence[float]) -> float:
    """The exact one-sided probability of a mean as far out as this one if each sign were a coin toss."""
    from scipy import stats

    sizes = [value if sum(differences) > 0 else -value for value in differences]
    test = stats.permutation_test(
        (sizes,),
        statistics.fmean,
        permutation_type="samples",
        alternative="greater",
        n_resamples=10_000,
        vectorized=False,
    )
    return float(test.pvalue)


def same_curve(left: Curve, right: Curve) -> bool:
    """Bit-identical, NaN being equal to NaN."""
    return len(left) == len(right) and all(
        one == other or (one != one and other != other) for one, other in zip(left, right, strict=True)
    )


def identical(pair: Pair) -> bool:
    """Whether both runs had the same losses, evaluation included; one cut off by the clock counts as far as it got."""
    before, after = pair
    cut = Outcome.TIMEOUT in (before.outcome, after.outcome)
    return trains_alike(pair) and (cut or evaluates_alike(pair))


def trains_alike(pair: Pair) -> bool:
    """Whether both runs had the same training losses."""
    before, after = pair
    if before.series.keys() != after.series.keys():
        return False
    cut = Outcome.TIMEOUT in (before.outcome, after.outcome)
    for name in before.series:
        left, right = before.series[name], after.series[name]
        shorter = min(len(left), len(right)) if cut else max(len(left), len(right))
        if shorter == 0 or not same_curve(left[:shorter], right[:shorter]):
            return False
    return True


def evaluates_alike(pair: Pair) -> bool:
    """Whether both runs had the same evaluation losses; true where there were none."""
    before, after = pair
    return before.evaluation.keys() == after.evaluation.keys() and all(
        same_curve(before.evaluation[name], after.evaluation[name]) for name in before.evaluation
    )


def distinct(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs that are replicates: a script that no seed reaches gives one and the same pair each time."""
    kept: dict[object, Pair] = {}
    for before, after in pairs:
        key = tuple(tuple(map(repr, (name, *curve))) for side in (before, after) for name, curve in side.series.items())
        kept.setdefault(key, (before, after))
    return list(kept.values())


def check_pairing(pairs: Sequence[Pair]) -> Pairing:
    """Compare what was fed to the model, step by step."""
    judged = [(before.batches, after.batches) for before, after in pairs if before.batches and after.batches]
    if not judged:
        return Pairing(known=False, kept=True)
    for left, right in judged:
        for step, (one, other) in enumerate(zip(left, right, strict=False), 1):
            if one != other:
                note = f"from step {step} on the two versions saw different batches, so that they are harder to compare"
                return Pairing(known=True, kept=False, note=note)
    return Pairing(known=True, kept=True, note="both versions saw the same batches")


def compare_losses(pairs: Sequence[Pair], noise: Mapping[str, float] | None = None) -> list[LossComparison]:
    """Judge the training losses of these pairs. The first comparison is the verdict on all, the others on each series.

    `noise` is the standard deviation between repeated runs of one version and seed, where they are not identical.
    """
    if not pairs or not all(before.series and after.series for before, after in pairs):
        return [LossComparison(Decision.NONE, pairs=len(pairs))]
    if all(map(trains_alike, pairs)):
        return [replace(each, decision=Decision.IDENTICAL) for each in _each_series(pairs, {})]
    names = {tuple(trace.series) for pair in pairs for trace in pair}
    if len(names) > 1:
        counts = " or ".join(sorted({str(len(each)) for each in names}))
        note = f"the versions back-propagate from different places ({counts} losses)"
        return [LossComparison(Decision.NOT_COMPARABLE, pairs=len(pairs), note=note)]
    each = _each_series(pairs, noise or {})
    return [overall(each), *each] if len(each) > 1 else each


def overall(each: Sequence[LossComparison]) -> LossComparison:
    """Several losses (a GAN): all must agree that it is lower; one that is higher, and none lower, decides against."""
    decisions = {one.decision for one in each}
    for one in each:
        if decisions == {one.decision} or (one.decision is Decision.HIGHER and Decision.LOWER not in decisions):
            return one
    if decisions <= {Decision.SAME, Decision.IDENTICAL}:
        return next(one for one in each if one.decision is Decision.SAME)
    told = ", ".join(f"{one.series} {one.decision}" for one in each)
    return replace(each[0], decision=Decision.UNCLEAR, note=f"the losses do not agree: {told}")


def _each_series(pairs: Sequence[Pair], noise: Mapping[str, float]) -> list[LossComparison]:
    paired = check_pairing(pairs).kept
    names = list(pairs[0][0].series)
    curves = {name: [(before.series[name], after.series[name]) for before, after in distinct(pairs)] for name in names}
    return [compare_series(name, curves[name], noise.get(name, 0.0), paired, ALPHA / len(names)) for name in names]


def compare_series(
    name: str,
    curves: Sequence[tuple[Curve, Curve]],
    noise: float = 0.0,
    paired: bool = True,
    alpha: float = ALPHA,
    least: int = 10,
    what: str = "losses",
) -> LossComparison:
    """One loss over the pairs that count. `least`: how many values at its end are looked at, if it has so many."""
    lengths = [min(len(before), len(after)) for before, after in curves]
    length = min(lengths, default=0)
    margin = max(MARGIN, 2 * noise)
    if length == 0:
        return LossComparison(Decision.NONE, name, pairs=len(curves), margin=margin)
    windows = [
        (window(before[:size], least), window(after[:size], least))
        for (before, after), size in zip(curves, lengths, strict=True)
    ]
    shown = LossComparison(
        Decision.UNCLEAR,
        name,
        f"median of the last {len(windows[0][0])} of {lengths[0]} {what}" if lengths[0] > 1 else "the only one",
        tuple(map(_median, (before for before, _ in windows))),
        tuple(map(_median, (after for _, after in windows))),
        pairs=len(curves),
        margin=margin,
    )
    if not all(math.isfinite(value) for pair in windows for values in pair for value in values):
        return replace(shown, note=f"not all {what} are finite")
    if length < min(_SHORTEST, least):
        return replace(shown, note=f"only {length} {what}: too short to compare")
    positive = all(value > 0 or not math.isfinite(value) for pair in curves for curve in pair for value in curve)
    differences = _differences(curves, shown, positive)
    shown = replace(shown, effect=statistics.fmean(differences), scale=Scale.LOG if positive else Scale.ASINH)
    if len(curves) >= LOOKS[0]:
        shown = replace(shown, interval=confidence(differences, alpha))
    elif len(curves) == 1 and abs(differences[0]) < margin:
        return replace(shown, decision=Decision.SAME, note="one run that counts: every seed gives the same losses")
    return replace(shown, decision=judge(differences, margin, paired=paired, alpha=alpha))


def window(values: Sequence[Value], least: int = 10) -> Sequence[Value]:
    """The end of a curve: its last fifth, or what there is of the least."""
    return values[-max(least, len(values) // 5) :]


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if all(map(math.isfinite, values)) else math.nan


def _differences(curves: Sequence[tuple[Curve, Curve]], shown: LossComparison, positive: bool) -> list[float]:
    """After minus before on a scale where equal steps are equal ratios, as far as the signs allow."""
    starts = [abs(curve[0]) for pair in curves for curve in pair if math.isfinite(curve[0])]
    scale = statistics.median(starts) if starts else 0.0
    scale = scale or max(map(abs, shown.before + shown.after)) or 1.0

    def level(value: float) -> float:
        if positive:
            return math.log(min(max(value / scale, _FLOOR), _CEILING))
        return math.asinh(value / scale)

    return [level(after) - level(before) for before, after in zip(shown.before, shown.after, strict=True)]
