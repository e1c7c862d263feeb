"""Two versions by one measure, where their loss functions are not the same: what `Scores` say, paired over seeds.

Shares (error rates, wrongly ranked pairs) have a scale of their own: differences of shares, since of small ones a ratio
says little, with a least spread that the number of outputs behind them allows. Distances are judged as losses are.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fixer.verify.compare import (
    ALPHA,
    LOOKS,
    Decision,
    LossComparison,
    Pair,
    Scale,
    check_pairing,
    compare_series,
    confidence,
    distinct,
    judge,
    overall,
    window,
)
from fixer.verify.trace import Scores, Trace

RATES = ("error rate", "wrongly ranked pairs")
RATE_MARGIN = 0.01
"""Less than one of a hundred is no difference."""
UNPAIRED_RATE = 0.05
_SHORTEST = 5
_NEARLY_ALL = 0.9
_ROUNDING = 1e-4
_Places = Sequence[tuple[Scores, Scores]]
"""One place of the script, in each pair."""


def compare_yardstick(pairs: Sequence[Pair], noise: Mapping[str, float] | None = None) -> list[LossComparison]:
    """Judge how well the outputs fitted the targets. The first comparison is the verdict on all, as for the losses.

    Where the versions cannot be measured alike there is one comparison that has no decision and says why.
    """
    why_not = _why_not(pairs)
    if why_not:
        return [LossComparison(Decision.NONE, note=why_not, measure="yardstick")]
    counted = distinct(pairs)
    paired = check_pairing(pairs).kept
    number = len(pairs[0][0].yardstick)
    each = []
    for place in range(number):
        scores = [(before.yardstick[place], after.yardstick[place]) for before, after in counted]
        name = f"fit {place + 1}"
        each.append(_compare(name, scores, (noise or {}).get(name, 0.0), paired, ALPHA / number))
    return [overall(each), *each] if number > 1 else each


def other_functions(pairs: Sequence[Pair]) -> bool:
    """Whether the versions are known to train on different loss functions: by their names, or because the first loss
    is another one though the outputs and targets are the same."""
    return bool(pairs) and all(_by_name(*pair) or _by_first_loss(*pair) for pair in pairs)


def _by_name(before: Trace, after: Trace) -> bool:
    names = [tuple(each.function for each in trace.yardstick) for trace in (before, after)]
    return all(names) and names[0] != names[1]


def _by_first_loss(before: Trace, after: Trace) -> bool:
    outputs = [tuple(each.first for each in trace.yardstick) for trace in (before, after)]
    if not all(outputs[0]) or outputs[0] != outputs[1] or len(outputs[0]) == 0:
        return False
    losses = [[curve[0] for curve in trace.series.values() if curve] for trace in (before, after)]
    return len(losses[0]) != len(losses[1]) or not all(
        math.isclose(one, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING) for one, other in zip(*losses, strict=True)
    )


def _why_not(pairs: Sequence[Pair]) -> str:
    measures = {tuple(scores.measure for scores in trace.yardstick) for pair in pairs for trace in pair}
    if not measures or () in measures:
        return "what the loss was given was not seen, so that there is no common yardstick"
    if len(measures) > 1:
        kinds = " or ".join(sorted({", ".join(each) for each in measures}))
        return f"no common yardstick fits both versions ({kinds})"
    return ""


def _compare(name: str, places: _Places, noise: float, paired: bool, alpha: float) -> LossComparison:
    measure = places[0][0].measure
    length = min(len(scores.values) for place in places for scores in place)
    data = where(places)
    if length < _SHORTEST:
        note = f"only {length} {data} were scored: too few to compare"
        return LossComparison(Decision.UNCLEAR, name, pairs=len(places), note=note, measure=measure, data=data)
    if measure in RATES:
        found = _compare_rates(name, places, noise, paired, alpha)
    else:
        curves = [tuple(scores.values for scores in place) for place in places]
        found = compare_series(name, curves, noise, paired, alpha, what=data)  # type: ignore[arg-type]
    return replace(found, measure=measure, data=data)


def where(places: _Places) -> str:
    """What was scored, named for what it is."""
    fresh = [seen for place in places for scores in place for seen in window(scores.fresh)]
    return "first-seen batches" if sum(fresh) >= _NEARLY_ALL * len(fresh) else "training batches"


def _compare_rates(name: str, places: _Places, noise: float, paired: bool, alpha: float) -> LossComparison:
    ends = [_end(*place) for place in places]
    differences = [after - before for before, after, _ in ends]
    floor = _least_spread([(after - before, count) for before, after, count in ends])
    margin = max(RATE_MARGIN, 2 * noise)
    length = min(len(scores.values) for scores in places[0])
    found = LossComparison(
        Decision.UNCLEAR,
        name,
        f"mean of the last {len(window(range(length)))} of {length} batches",
        tuple(before for before, _, _ in ends),
        tuple(after for _, after, _ in ends),
        effect=statistics.fmean(differences),
        pairs=len(places),
        margin=margin,
        scale=Scale.RATE,
    )
    if len(places) >= LOOKS[0]:
        found = replace(found, interval=confidence(differences, alpha, floor))
    elif len(places) == 1 and abs(differences[0]) < margin:
        return replace(found, decision=Decision.SAME, note="one run that counts: every seed gives the same outputs")
    decision = judge(differences, margin, paired=paired, alpha=alpha, floor=floor, unpaired=UNPAIRED_RATE)
    return replace(found, decision=decision)


def _end(before: Scores, after: Scores) -> tuple[float, float, int]:
    """Of the last batches that both have, the shares on either side, and over how many outputs at least."""
    length = min(len(before.values), len(after.values))
    shares, counts = [], []
    for scores in (before, after):
        seen = list(window(list(zip(scores.values, scores.counts, strict=True))[:length]))
        total = sum(count for _, count in seen)
        shares.append(sum(value * count for value, count in seen) / total)
        counts.append(total)
    return shares[0], shares[1], min(counts)


def _least_spread(differences: Sequence[tuple[float, int]]) -> float:
    """The standard deviation that shares of so many outputs have at least, even if a few seeds happen to agree.

    A difference d of two shares of n takes at least n|d| outputs that changed sides, whose variance is n|d|(1 - |d|).
    """
    variances = [max(abs(apart), 1 / count) * (1 - abs(apart)) / count for apart, count in differences]
    return math.sqrt(statistics.fmean(variances))
