"""The third witness, asked where no symptom tells the versions apart: what became of the loss, or of the yardstick."""

from __future__ import annotations

from collections.abc import Sequence

from fixer.verify.compare import LOOKS, Decision, LossComparison
from fixer.verify.evaluation import all_alike, elsewhere
from fixer.verify.evidence import Evidence
from fixer.verify.symptoms import LossEffect, SymptomChange
from fixer.verify.verdict import Judgement, VerdictKind
from fixer.verify.wording import change, evaluation_words, join, symptom_clause, yardstick_words

_NO_SYMPTOM = ", and no symptom tells the versions apart"


def by_learning(evidence: Evidence) -> Judgement | None:
    """The verdict by how the versions learn; None: more pairs are needed."""
    loss = evidence.loss
    remains = [each for each in evidence.symptoms if each.remains]
    still = f"; {join(symptom_clause(each) for each in remains)}" if remains else ""
    if loss.decision is Decision.IDENTICAL:
        return _same_training(evidence, still)
    if loss.decision is Decision.NONE:
        return _inconclusive("no loss was back-propagated, so that there is nothing to compare" + still)
    if loss.decision is Decision.NOT_COMPARABLE:
        return _by_yardstick(evidence, remains, still)
    if loss.decision is Decision.SAME:
        return Judgement(VerdictKind.EQUIVALENT, f"the loss is the same: {change(loss)}" + still)
    if loss.decision is Decision.UNCLEAR:
        told = loss.note or f"the loss is not told apart from chance: {change(loss)}"
        return _inconclusive(told + _NO_SYMPTOM + still) if evidence.final else None
    if evidence.contradicted:
        told = f"the loss is {change(loss)}, but the fit did not change so: {yardstick_words(evidence.yardstick)}"
        return _inconclusive(told + still) if evidence.final else None
    return _lower_or_higher(evidence, remains, still)


def _inconclusive(reason: str) -> Judgement:
    return Judgement(VerdictKind.INCONCLUSIVE, reason)


def _same_training(evidence: Evidence, still: str) -> Judgement | None:
    """Training is bit-identical: what is left is how the versions evaluate."""
    if all_alike(evidence.pairs):
        told = "every loss is bit-identical: the edit changes nothing that a run shows"
        return Judgement(VerdictKind.EQUIVALENT, told + still)
    if elsewhere(evidence.pairs):
        told = "training is bit-identical; losses of evaluation are recorded in other places than before"
        return _inconclusive(told + _NO_SYMPTOM + still)
    if len(evidence.pairs) < LOOKS[0] and not evidence.final:
        return None
    changed = [each for each in evidence.evaluation if each.decision is not Decision.IDENTICAL]
    told = f"training is bit-identical; {join(map(evaluation_words, changed))}"
    if all(each.decision is Decision.SAME for each in changed):
        return Judgement(VerdictKind.EQUIVALENT, told + still)
    return _inconclusive(f"{told}, which by itself is neither better nor worse{_NO_SYMPTOM}{still}")


def _by_yardstick(evidence: Evidence, remains: Sequence[SymptomChange], still: str) -> Judgement | None:
    """The losses cannot be compared, so that the common measure decides, as a loss would."""
    loss, yardstick = evidence.loss, evidence.yardstick
    if yardstick.decision is Decision.NONE:
        return _inconclusive(f"{loss.note}, {yardstick.note}{_NO_SYMPTOM}{still}")
    told = f"{loss.note}; {yardstick_words(yardstick)}"
    if yardstick.decision is Decision.SAME:
        return Judgement(VerdictKind.EQUIVALENT, told + still)
    if yardstick.decision is Decision.UNCLEAR:
        return _inconclusive(told + _NO_SYMPTOM + still) if evidence.final else None
    rests_on = _rests_on(evidence.yardsticks)
    if yardstick.decision is Decision.HIGHER:
        return Judgement(VerdictKind.REGRESSED, told + still, rests_on)
    if any(each.name in evidence.expected.symptoms for each in remains):
        return _inconclusive(told + still)
    return Judgement(VerdictKind.IMPROVED, f"by the fit alone: {told}" + still, rests_on)


def _rests_on(found: Sequence[LossComparison]) -> tuple[LossComparison, ...]:
    return tuple(each for each in found if each.decision is found[0].decision)


def _lower_or_higher(evidence: Evidence, remains: Sequence[SymptomChange], still: str) -> Judgement:
    """The loss alone: it convicts, or acquits, only where nothing declared that it may go either way."""
    told = f"the loss is {change(evidence.loss)}"
    expected = evidence.expected.symptoms
    effect = evidence.effect([each for each in evidence.symptoms if each.name in expected])
    rests_on = _rests_on(evidence.losses)
    if evidence.loss.decision is Decision.HIGHER:
        if expected and effect in (LossEffect.EITHER, LossEffect.HIGHER):
            return _inconclusive(f"{told}, as it may be for this mend, but the defect did not show in a run" + still)
        return Judgement(VerdictKind.REGRESSED, told + still, rests_on)
    if any(each.name in expected or each.name == "unbounded-loss" for each in remains):
        return _inconclusive(told + still)
    if expected and effect is not LossEffect.LOWER:
        return _inconclusive(f"{told}, which proves nothing for this mend: the defect did not show in a run" + still)
    return Judgement(VerdictKind.IMPROVED, f"by the loss alone: {told}" + still, rests_on)
