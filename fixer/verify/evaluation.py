"""The losses of evaluation passes: shown beside a verdict, and no verdict by themselves.

What a mend of the evaluation changes is the measurement, not the model: an honest evaluation often looks worse. So
these losses are compared as the training losses are, and what follows from them is left to the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fixer.verify.compare import (
    ALPHA,
    Decision,
    LossComparison,
    Pair,
    check_pairing,
    compare_series,
    evaluates_alike,
    same_curve,
)

CONCERNED = frozenset(
    {
        "train-mode-in-evaluation",
        "graph-in-evaluation",
        "evaluation-not-repeatable",
        "split-overlap",
    }
)
"""Symptoms whose mend changes what evaluation measures."""


def compare_evaluation(pairs: Sequence[Pair]) -> list[LossComparison]:
    """Judge each loss of evaluation that both versions have in all pairs, by its last passes. Empty: there is none."""
    names = [name for name in pairs[0][0].evaluation if all(name in side.evaluation for pair in pairs for side in pair)]
    paired = check_pairing(pairs).kept
    found = []
    for name in names:
        curves = [(before.evaluation[name], after.evaluation[name]) for before, after in _distinct(pairs)]
        told = compare_series(name, curves, 0.0, paired, ALPHA / len(names), least=1, what="passes")
        if all(same_curve(before, after) for before, after in curves):
            told = replace(told, decision=Decision.IDENTICAL)
        found.append(replace(told, measure="evaluation loss"))
    return found


def _distinct(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that are replicates, in evaluation as in training."""
    kept: dict[str, Pair] = {}
    for pair in pairs:
        kept.setdefault(repr([(dict(side.series), dict(side.evaluation)) for side in pair]), pair)
    return list(kept.values())


def elsewhere(pairs: Sequence[Pair]) -> bool:
    """Whether the versions evaluate in different places, or one of them does not."""
    return any(before.evaluation.keys() != after.evaluation.keys() for before, after in pairs)


def all_alike(pairs: Sequence[Pair]) -> bool:
    """Whether every evaluation loss is bit-identical."""
    return all(map(evaluates_alike, pairs))
