"""What three witnesses say together: how the runs ended, which symptoms they showed, and what became of the loss."""

from __future__ import annotations

from fixer.verify.compare import LOOKS, Decision, LossComparison
from fixer.verify.evaluation import CONCERNED, all_alike
from fixer.verify.evidence import Evidence
from fixer.verify.learning import by_learning
from fixer.verify.outcomes import Ending, advice, same_crash
from fixer.verify.symptoms import LossEffect, Presence, meaning
from fixer.verify.verdict import Judgement, VerdictKind
from fixer.verify.wording import change, evaluation_words, join, loss_clause, symptom_clause, yardstick_words

_SUSPICIOUS = 0.05
"""A rise of the log loss that a mend should explain before it is called an improvement."""


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
    return by_learning(evidence)


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
    if evidence.loss.decision is Decision.NOT_COMPARABLE:
        return _gone_under_another_loss(evidence, told, effect)
    if effect is LossEffect.SAME and evidence.loss.decision is Decision.IDENTICAL:
        return _gone_from_evaluation(evidence, told)
    if effect in (LossEffect.EITHER, LossEffect.HIGHER):
        if _changed_evaluation(evidence) and len(evidence.pairs) < LOOKS[0] and not evidence.final:
            return None
        return Judgement(VerdictKind.IMPROVED, told + loss_clause(evidence.loss, effect) + _beside(evidence))
    if evidence.loss.decision is Decision.HIGHER:
        return _inconclusive(f"{told}, but the loss is {change(evidence.loss)}, which this mend does not explain")
    undecided = evidence.loss.decision is Decision.UNCLEAR
    if undecided and not evidence.final and (len(evidence.pairs) < 3 or (evidence.loss.effect or 0) > _SUSPICIOUS):
        return None
    return Judgement(VerdictKind.IMPROVED, told + loss_clause(evidence.loss, effect) + _beside(evidence))


def _gone_under_another_loss(evidence: Evidence, told: str, effect: LossEffect) -> Judgement | None:
    """The losses are of two functions; the common measure must not say that the mended version learns worse."""
    yardstick = evidence.yardstick
    if yardstick.decision is Decision.NONE:
        return Judgement(VerdictKind.IMPROVED, f"{told}; {evidence.loss.note}, and {yardstick.note}")
    if effect in (LossEffect.EITHER, LossEffect.HIGHER):
        return Judgement(VerdictKind.IMPROVED, f"{told}; {yardstick_words(yardstick)}")
    if yardstick.decision is Decision.HIGHER:
        return _inconclusive(f"{told}, but {yardstick_words(yardstick)}")
    worse = (yardstick.effect or 0) > yardstick.margin
    if yardstick.decision is Decision.UNCLEAR and not evidence.final and (len(evidence.pairs) < LOOKS[0] or worse):
        return None
    return Judgement(VerdictKind.IMPROVED, f"{told}; {yardstick_words(yardstick)}")


def _gone_from_evaluation(evidence: Evidence, told: str) -> Judgement | None:
    """The mend concerns what is not trained: training stays what it is, and evaluation may go either way."""
    told += "; training is bit-identical, as it should be"
    if all_alike(evidence.pairs):
        return Judgement(VerdictKind.IMPROVED, told)
    if _changed_evaluation(evidence) and len(evidence.pairs) < LOOKS[0] and not evidence.final:
        return None
    return Judgement(VerdictKind.IMPROVED, told + _beside(evidence))


def _changed_evaluation(evidence: Evidence) -> list[LossComparison]:
    """The evaluation losses that changed, where the mend concerns evaluation."""
    if not any(each.name in CONCERNED for each in evidence.gone):
        return []
    return [each for each in evidence.evaluation if each.decision is not Decision.IDENTICAL]


def _beside(evidence: Evidence) -> str:
    """What became of the evaluation losses: told, and no proof of anything."""
    changed = _changed_evaluation(evidence)
    if not changed or len(evidence.pairs) < LOOKS[0]:
        return ""
    told = join(map(evaluation_words, changed))
    if not any(each.decision in (Decision.LOWER, Decision.HIGHER) for each in changed):
        return f"; {told}"
    return f"; {told}, which is neither better nor worse: it is measured in another way"


def _harmless(evidence: Evidence, told: str) -> Judgement | None:
    """The defect is gone, but it was too faint to have an effect: the mend is right and improves nothing."""
    told += ", which were too faint to matter"
    if evidence.loss.decision in (Decision.SAME, Decision.IDENTICAL):
        return Judgement(VerdictKind.EQUIVALENT, f"{told}: the loss is the same")
    if evidence.loss.decision is Decision.UNCLEAR and not evidence.final:
        return None
    if evidence.loss.decision is Decision.LOWER:
        rests_on = tuple(each for each in evidence.losses if each.decision is Decision.LOWER)
        return Judgement(VerdictKind.IMPROVED, f"{told}; the loss is {change(evidence.loss)}", rests_on)
    return _inconclusive(f"{told}; the loss is {change(evidence.loss)}")


def _idle(evidence: Evidence) -> Judgement:
    told = "neither version trains, and none of the symptoms that could be looked for tells them apart"
    return Judgement(VerdictKind.NOT_RUN, f"{told}; {advice(evidence.before)}")
