"""What three witnesses say together: how the runs ended, which symptoms they showed, and what became of the loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from fixer.verify.compare import Curve, Decision, LossComparison, Pair, Pairing, check_pairing, compare_losses
from fixer.verify.outcomes import Ending, Side, advice, same_crash, side_of
from fixer.verify.symptoms import Expectation, LossEffect, Presence, SymptomChange, compare_symptoms, meaning
from fixer.verify.wording import change, join, loss_clause, symptom_clause

_SUSPICIOUS = 0.05
"""A rise of the log loss that a mend should explain before it is called an improvement."""


class VerdictKind(StrEnum):
    CRASH_FIXED = "crash-fixed"
    IMPROVED = "improved"
    EQUIVALENT = "equivalent"
    REGRESSED = "regressed"
    INCONCLUSIVE = "inconclusive"
    NOT_RUN = "not-run"


@dataclass(frozen=True)
class Series:
    """The curves of one loss: one for each seed, on both sides, and what they say."""

    name: str
    before: tuple[Curve, ...]
    after: tuple[Curve, ...]
    comparison: LossComparison | None = None


@dataclass(frozen=True)
class Verdict:
    """What changed between two versions of a program, and on what evidence."""

    verdict: VerdictKind
    reason: str
    before: Side | None = None
    after: Side | None = None
    symptoms: tuple[SymptomChange, ...] = ()
    loss: LossComparison = field(default_factory=lambda: LossComparison(Decision.NONE))
    series: tuple[Series, ...] = ()
    pairing: Pairing = field(default_factory=lambda: Pairing(known=False, kept=True))
    command: str = ""
    path: str = ""
    seeds: tuple[int, ...] = ()
    steps: int = 0
    device: str = "cpu"
    isolation: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether the version after may take the place of the one before."""
        return self.verdict in (VerdictKind.CRASH_FIXED, VerdictKind.IMPROVED, VerdictKind.EQUIVALENT)


@dataclass(frozen=True)
class Judgement:
    """A verdict without its evidence. `by_loss`: it rests on the loss alone."""

    verdict: VerdictKind
    reason: str
    by_loss: bool = False


@dataclass(frozen=True)
class Evidence:
    """All pairs so far. `noise`: see `compare_losses`. `final`: there will be no more pairs."""

    pairs: Sequence[Pair]
    expected: Expectation = field(default_factory=Expectation)
    noise: Mapping[str, float] = field(default_factory=dict)
    final: bool = False

    @cached_property
    def before(self) -> Side:
        return side_of([before for before, _ in self.pairs])

    @cached_property
    def after(self) -> Side:
        return side_of([after for _, after in self.pairs])

    @cached_property
    def symptoms(self) -> list[SymptomChange]:
        before, after = [one for one, _ in self.pairs], [other for _, other in self.pairs]
        return compare_symptoms(before, after, self.expected.symptoms)

    @cached_property
    def losses(self) -> list[LossComparison]:
        return compare_losses(self.pairs, self.noise)

    @cached_property
    def pairing(self) -> Pairing:
        return check_pairing(self.pairs)

    @property
    def loss(self) -> LossComparison:
        return self.losses[0]

    @property
    def gone(self) -> list[SymptomChange]:
        return [each for each in self.symptoms if each.gone]

    def effect(self, gone: Sequence[SymptomChange]) -> LossEffect:
        """What the loss of the right program does here: as declared, else what the symptoms say, the vaguest first."""
        if self.expected.loss is not None:
            return LossEffect(self.expected.loss)
        known = {meaning(each.name).loss for each in gone}
        order = (LossEffect.NOT_COMPARABLE, LossEffect.EITHER, LossEffect.HIGHER, LossEffect.SAME, LossEffect.LOWER)
        return next((effect for effect in order if effect in known), LossEffect.LOWER)


def decide(evidence: Evidence) -> Judgement | None:
    """The verdict that these pairs allow; None: more pairs are needed."""
    if len(evidence.pairs) < 2 and not evidence.final:
        return None
    told = _by_outcome(evidence)
    if told is None and Ending.MIXED in (evidence.before.ending, evidence.after.ending):
        return None
    told = told or _by_symptom_that_appeared(evidence)
    if told is not None:
        return told
    if not evidence.final and any(not each.settled for each in evidence.symptoms):
        return None
    if evidence.gone:
        return _by_symptom_that_is_gone(evidence)
    if evidence.before.ending is Ending.IDLE:
        return _idle(evidence)
    return _by_loss(evidence)


def _inconclusive(reason: str) -> Judgement:
    return Judgement(VerdictKind.INCONCLUSIVE, reason)


def _by_outcome(evidence: Evidence) -> Judgement | None:
    """The first witness; None where both versions run well enough to be asked further."""
    before, after = evidence.before, evidence.after
    ends = (before.ending, after.ending)
    if Ending.KILLED in ends:
        return _inconclusive(f"a run was stopped from outside: before {before.text}; after {after.text}")
    if before.failures == 0 and after.failures >= 2:
        return Judgement(VerdictKind.REGRESSED, f"the version before {before.text}; the version after {after.text}")
    if Ending.MIXED in ends:
        told = f"how a run ends depends on the seed: before {before.text}; after {after.text}"
        return _inconclusive(told) if evidence.final else None
    if before.ending.fails:
        return _failed_before(evidence)
    if after.ending.fails:
        return Judgement(VerdictKind.REGRESSED, f"the version before {before.text}; the version after {after.text}")
    if ends == (Ending.HANGS, Ending.HANGS):
        return Judgement(VerdictKind.NOT_RUN, f"neither version got to train: {before.text}; {advice(before)}")
    if Ending.HANGS in ends:
        return _inconclusive(f"time ran out on one side: before, {before.text}; after, {after.text}")
    if ends == (Ending.TRAINS, Ending.IDLE):
        return Judgement(VerdictKind.REGRESSED, "the version after no longer trains")
    if ends == (Ending.IDLE, Ending.TRAINS):
        return _inconclusive(f"only the version after trains, so that nothing can be compared: it {after.text}")
    return None


def _failed_before(evidence: Evidence) -> Judgement:
    before, after = evidence.before, evidence.after
    if after.ending.fails:
        if same_crash(before.crash, after.crash):
            told = f"both versions stop in the same way, the one before {before.text}"
        else:
            told = f"neither version runs: before {before.text}; after {after.text}"
        return Judgement(VerdictKind.NOT_RUN, f"{told}; {advice(after)}")
    shown = [each for each in evidence.symptoms if each.after.presence is Presence.SHOWN]
    if any(each.name == "non-finite" for each in shown):
        return _inconclusive(f"the crash is gone, but the losses are not finite; before, the program {before.text}")
    if after.ending not in (Ending.TRAINS, Ending.IDLE):
        return _inconclusive(f"before, the program {before.text}; after, {after.text}")
    told = f"the program {before.text}; after, it {after.text}"
    if after.ending is Ending.IDLE:
        told = f"the program {before.text}; after, it runs to its end (it does not train by itself)"
    if shown:
        told += f"; it now shows {join(meaning(each.name).title for each in shown)}, which the crash had hidden"
    return Judgement(VerdictKind.CRASH_FIXED, told)


def _by_symptom_that_appeared(evidence: Evidence) -> Judgement | None:
    appeared = [each for each in evidence.symptoms if each.appeared]
    if appeared:
        return Judgement(VerdictKind.REGRESSED, f"new: {join(symptom_clause(each) for each in appeared)}")
    doubtful = [
        each
        for each in evidence.symptoms
        if (each.before.presence is Presence.UNKNOWN and each.after.presence is Presence.SHOWN)
        or (evidence.final and each.before.presence is Presence.ABSENT and each.after.presence is Presence.MIXED)
    ]
    if doubtful:
        return _inconclusive(f"after, there may be a new defect: {join(symptom_clause(each) for each in doubtful)}")
    return None


def _by_symptom_that_is_gone(evidence: Evidence) -> Judgement | None:
    gone, expected = evidence.gone, evidence.expected.symptoms
    told = join(symptom_clause(each) for each in gone)
    remains = [each for each in evidence.symptoms if each.name in expected and each.remains]
    if remains:
        return _inconclusive(f"{join(symptom_clause(each) for each in remains)}, though {told}")
    if Ending.IDLE in (evidence.before.ending, evidence.after.ending):
        return Judgement(VerdictKind.IMPROVED, f"{told}; the program does not train by itself")
    effect = evidence.effect(gone)
    if all(each.harmless for each in gone):
        return _harmless(evidence, told)
    if effect is LossEffect.NOT_COMPARABLE:
        return Judgement(VerdictKind.IMPROVED, f"{told}; the loss itself is another one, so it is not compared")
    if effect in (LossEffect.EITHER, LossEffect.HIGHER):
        return Judgement(VerdictKind.IMPROVED, told + loss_clause(evidence.loss, effect))
    if evidence.loss.decision is Decision.HIGHER:
        return _inconclusive(f"{told}, but the loss is {change(evidence.loss)}, which this mend does not explain")
    undecided = evidence.loss.decision is Decision.UNCLEAR
    if undecided and not evidence.final and (len(evidence.pairs) < 3 or (evidence.loss.effect or 0) > _SUSPICIOUS):
        return None
    return Judgement(VerdictKind.IMPROVED, told + loss_clause(evidence.loss, effect))


def _harmless(evidence: Evidence, told: str) -> Judgement | None:
    """The defect is gone, but it was too faint to have an effect: the mend is right and improves nothing."""
    told += ", which were too faint to matter"
    if evidence.loss.decision in (Decision.SAME, Decision.IDENTICAL):
        return Judgement(VerdictKind.EQUIVALENT, f"{told}: the loss is the same")
    if evidence.loss.decision is Decision.UNCLEAR and not evidence.final:
        return None
    if evidence.loss.decision is Decision.LOWER:
        return Judgement(VerdictKind.IMPROVED, f"{told}; the loss is {change(evidence.loss)}", by_loss=True)
    return _inconclusive(f"{told}; the loss is {change(evidence.loss)}")


def _idle(evidence: Evidence) -> Judgement:
    told = "neither version trains, and none of the symptoms that could be looked for tells them apart"
    return Judgement(VerdictKind.NOT_RUN, f"{told}; {advice(evidence.before)}")


def _by_loss(evidence: Evidence) -> Judgement | None:
    loss, final = evidence.loss, evidence.final
    remains = [each for each in evidence.symptoms if each.remains]
    still = f"; {join(symptom_clause(each) for each in remains)}" if remains else ""
    if loss.decision is Decision.IDENTICAL:
        told = "every loss is bit-identical: the edit changes nothing that a run shows"
        return Judgement(VerdictKind.EQUIVALENT, told + still)
    if loss.decision is Decision.NONE:
        return _inconclusive("no loss was back-propagated, so that there is nothing to compare" + still)
    if loss.decision is Decision.NOT_COMPARABLE or evidence.expected.loss == LossEffect.NOT_COMPARABLE:
        told = loss.note or "the mend changes the loss itself, so the losses cannot be compared"
        return _inconclusive(f"{told}, and no symptom tells the versions apart" + still)
    if loss.decision is Decision.SAME:
        return Judgement(VerdictKind.EQUIVALENT, f"the loss is the same: {change(loss)}" + still)
    if loss.decision is Decision.UNCLEAR:
        if not final:
            return None
        told = loss.note or f"the loss is not told apart from chance: {change(loss)}"
        return _inconclusive(f"{told}, and no symptom tells the versions apart" + still)
    return _lower_or_higher(evidence, remains, still)


def _lower_or_higher(evidence: Evidence, remains: Sequence[SymptomChange], still: str) -> Judgement:
    """The loss alone: it convicts, or acquits, only where nothing declared that it may go either way."""
    told = f"the loss is {change(evidence.loss)}"
    expected = evidence.expected.symptoms
    effect = evidence.effect([each for each in evidence.symptoms if each.name in expected])
    if evidence.loss.decision is Decision.HIGHER:
        if expected and effect in (LossEffect.EITHER, LossEffect.HIGHER):
            return _inconclusive(f"{told}, as it may be for this mend, but the defect did not show in a run" + still)
        return Judgement(VerdictKind.REGRESSED, told + still, by_loss=True)
    if any(each.name in expected or each.name == "unbounded-loss" for each in remains):
        return _inconclusive(told + still)
    if expected and effect is not LossEffect.LOWER:
        return _inconclusive(f"{told}, which proves nothing for this mend: the defect did not show in a run" + still)
    return Judgement(VerdictKind.IMPROVED, f"by the loss alone: {told}" + still, by_loss=True)
