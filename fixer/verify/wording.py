"""Evidence in words: short clauses with figures, put together by the verdict and the reports."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable

from fixer.verify.compare import LOOKS, Decision, LossComparison, Scale
from fixer.verify.symptoms import LossEffect, Presence, SymptomChange, meaning


def join(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    listed = list(parts)
    return " and ".join([*([", ".join(listed[:-1])] if len(listed) > 1 else []), *listed[-1:]])


def symptom_clause(each: SymptomChange) -> str:
    """`stale gradients are gone (36 of 36 steps before, 0 of 36 after)`."""
    words = meaning(each.name)
    if each.gone:
        state = "gone"
    elif each.remains:
        state = "still there"
    else:
        state = "there" if each.after.shown else "not there"
    return f"{words.title} {words.verb} {state} ({figures(each)})"


def figures(each: SymptomChange) -> str:
    unit = meaning(each.name).unit
    if each.before.presence is Presence.UNKNOWN:
        return f"could not be judged before, {each.after.shown} of {each.after.checked} {unit} after"
    after = str(each.after) if each.after.presence is not Presence.UNKNOWN else "not to be judged"
    return f"{each.before.shown} of {each.before.checked} {unit} before, {after} after"


def size(loss: LossComparison) -> str:
    """The effect as the change it is: `38 % higher`, `12 % lower`, `12 times as high`, `13 points lower`."""
    effect = loss.effect or 0.0
    if loss.scale is Scale.LOG:
        return percent(effect)
    if loss.scale is Scale.RATE:
        points = f"{abs(effect) * 100:.2g}"
        return f"{points} points {'higher' if effect > 0 else 'lower'}" if float(points) else "unchanged"
    return f"{'higher' if effect > 0 else 'lower'} by {abs(effect):.2g} of its first value"


def percent(log_ratio: float) -> str:
    if abs(log_ratio) > math.log(1000):
        return "more than 1000 times as high" if log_ratio > 0 else "more than 1000 times lower"
    if log_ratio > math.log(2.5):
        return f"{math.exp(log_ratio):.3g} times as high"
    if log_ratio < -math.log(20):
        return f"{math.exp(-log_ratio):.3g} times lower"
    share = math.expm1(log_ratio) * 100
    if abs(share) < 0.05:
        return "unchanged"
    digits = 1 if abs(share) < 9.95 else 0
    return f"{abs(share):.{digits}f} % {'higher' if share > 0 else 'lower'}"


def change(loss: LossComparison) -> str:
    """`12 % lower (-15 % to -9 % at 98 % confidence, 5 pairs)`."""
    if loss.effect is None:
        return loss.note or "not comparable"
    pairs = f"{loss.pairs} pair{'s' if loss.pairs != 1 else ''}"
    if loss.interval is None:
        return f"{size(loss)} ({pairs})"
    low, high = (_end(end, loss.scale) for end in loss.interval)
    return f"{size(loss)} ({low} to {high} at 98 % confidence, {pairs})"


def _end(end: float, scale: Scale) -> str:
    if scale is Scale.RATE:
        return f"{end * 100:+.2g}"
    return f"{math.expm1(min(end, 9)) * 100:+.3g} %" if scale is Scale.LOG else f"{end:+.3g}"


def yardstick_words(found: LossComparison) -> str:
    """`error rate on first-seen batches 34 % -> 21 %, 13 points lower (-15 to -11 at 98 % confidence, 5 pairs)`."""
    what = f"{found.measure} on {found.data}"
    if not found.before:
        return f"{what}: {found.note}"
    ends = " -> ".join(level(statistics.median(side), found.scale) for side in (found.before, found.after))
    if found.effect is None:
        return f"{what} {ends} ({found.note})"
    if found.decision is Decision.UNCLEAR and found.interval:
        chance = found.interval[0] <= 0 <= found.interval[1]
        return f"{what} {ends}, {'not told apart from chance' if chance else 'not clearly changed'}: {change(found)}"
    same = "the same: " if found.decision is Decision.SAME else ""
    return f"{what} {ends}, {same}{change(found)}"


def level(value: float, scale: Scale) -> str:
    """One value of a measure: shares are percentages."""
    return f"{value * 100:.3g} %" if scale is Scale.RATE else f"{value:.4g}"


def evaluation_words(found: LossComparison) -> str:
    """`the loss of evaluation 1 is 12 % higher (+9 % to +15 % at 98 % confidence, 3 pairs)`."""
    what = f"the loss of {found.series}"
    if found.effect is None:
        return f"{what} is not compared ({found.note})"
    if found.decision is Decision.SAME:
        return f"{what} stays the same: {change(found)}"
    unclear = found.decision is Decision.UNCLEAR and found.pairs >= LOOKS[0]
    return f"{what} is {change(found)}" + (", not told apart from chance" if unclear else "")


def loss_clause(loss: LossComparison, effect: LossEffect) -> str:
    """What the loss adds to a verdict that already stands."""
    if loss.decision is Decision.IDENTICAL:
        return "; training is bit-identical"
    if loss.decision is Decision.SAME:
        return "; the loss stays the same"
    if loss.effect is None:
        return ""
    if loss.decision is Decision.UNCLEAR and loss.pairs >= LOOKS[0]:
        return f"; {loss.note or 'the loss is not told apart from chance'}"
    if loss.effect > 0 and effect is not LossEffect.LOWER:
        return f"; the loss is {size(loss)} so far, which is no contradiction: {_WHY_HIGHER}"
    return f"; the loss is {size(loss)}" if loss.decision is not Decision.UNCLEAR else ""


_WHY_HIGHER = "in a short run the right program often falls more slowly"
