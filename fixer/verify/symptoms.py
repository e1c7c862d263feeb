"""What each symptom proves, what its mend does to the training loss, and how two versions compare in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fixer.verify.trace import Symptom, Trace


class LossEffect(StrEnum):
    """What the right program's training loss does in a short run, compared with the buggy one's."""

    LOWER = "lower"
    SAME = "same"
    HIGHER = "higher"
    EITHER = "either"
    NOT_COMPARABLE = "not-comparable"
    """The mend changes the loss function itself."""


@dataclass(frozen=True)
class Expectation:
    """What the applied mends declare: the symptoms they remove and what that does to the training loss.

    Empty: two arbitrary versions. Every symptom is watched in either case; the expected ones are what a mend must
    remove, so that a lower loss alone does not prove it. `loss` None: what the symptoms themselves say.
    """

    symptoms: tuple[str, ...] = ()
    loss: str | None = None


@dataclass(frozen=True)
class Meaning:
    """A symptom in words: what it is called in a sentence, and what its presence proves."""

    title: str
    proves: str
    loss: LossEffect
    verb: str = "are"
    unit: str = "steps"
    """What is counted."""
    measure: str = "measured"
    """What the values at each look are."""
    harmless: float = math.inf
    """Where every value is above this, the defect is there and has no effect worth the name."""


_LOWER, _SAME, _EITHER = LossEffect.LOWER, LossEffect.SAME, LossEffect.EITHER
_OTHER_LOSS = LossEffect.NOT_COMPARABLE

# The effects come from paired runs of right and wrong programs: EITHER marks the inverted signals, where the right
# program often looks worse at first (stale gradients are momentum without damping, dropout costs training loss, ...).
MEANINGS = {
    "stale-gradients": Meaning(
        "stale gradients",
        "gradients of earlier steps were added to this step's",
        _EITHER,
        measure="cosine with the new gradient",
        harmless=0.9999,
    ),
    "gradient-missing-at-step": Meaning("empty steps", "the gradients were cleared before the step used them", _LOWER),
    "gradient-of-earlier-step": Meaning("late gradients", "a step used the gradients of an earlier batch", _EITHER),
    "parameters-frozen": Meaning("frozen parameters", "gradients arrived but no step used them", _LOWER, unit="runs"),
    "no-gradient": Meaning("missing gradients", "the loss is cut off from the parameters", _LOWER),
    "unoptimized-parameters": Meaning(
        "forgotten parameters", "an optimizer has the weights of layers that were replaced", _LOWER, unit="runs"
    ),
    "unregistered-parameters": Meaning(
        "unregistered parameters", "layers are missing from the model's list", _LOWER, unit="runs"
    ),
    "unclipped-step": Meaning("unclipped steps", "clipping missed the gradients that the step used", _EITHER),
    "scheduler-warning": Meaning(
        "early scheduler steps", "the schedule moved before the first step", _EITHER, unit="schedules"
    ),
    "graph-growth": Meaning(
        "a growing graph", "the graphs of past steps stay in memory", _SAME, verb="is", measure="graphs in memory"
    ),
    "train-mode-in-evaluation": Meaning(
        "training mode in evaluation", "dropout and batch norm disturb it", _SAME, verb="is", unit="passes"
    ),
    "eval-mode-in-training": Meaning(
        "evaluation mode in training", "dropout and batch norm are off", _EITHER, verb="is"
    ),
    "graph-in-evaluation": Meaning(
        "graphs in evaluation", "evaluation builds graphs that nobody uses", _SAME, unit="passes"
    ),
    "evaluation-not-repeatable": Meaning(
        "random evaluation data", "one sample differs each time it is read", _SAME, verb="is", unit="samples"
    ),
    "misaligned-pairs": Meaning(
        "misaligned pairs", "inputs are trained with the targets of other samples", _LOWER, unit="pairs"
    ),
    "split-overlap": Meaning(
        "overlapping splits", "samples that are trained on are evaluated too", _EITHER, unit="splits"
    ),
    "unpaired-target": Meaning(
        "unpaired targets", "the image is moved, its mask or boxes are not", _LOWER, unit="readings"
    ),
    "batch-shares-draw": Meaning(
        "shared augmentation", "all samples of a batch got the same random draw", _EITHER, verb="is", unit="batches"
    ),
    "repeated-epoch-order": Meaning(
        "a repeated order",
        "every epoch trains on the same batches in the same order",
        _EITHER,
        verb="is",
        unit="epochs",
    ),
    "transform-without-effect": Meaning(
        "transforms without effect", "an input passed through unchanged", _EITHER, unit="calls"
    ),
    "probabilities-as-logits": Meaning(
        "probabilities as logits", "the loss normalises them again", _OTHER_LOSS, unit="losses"
    ),
    "loss-input-range": Meaning(
        "a second sigmoid", "what the loss takes for logits has been through one", _OTHER_LOSS, verb="is", unit="losses"
    ),
    "unbounded-loss": Meaning(
        "a loss below zero",
        "it has no lower bound, so falling proves nothing",
        _OTHER_LOSS,
        verb="is",
        unit="losses",
    ),
    "broadcast-in-loss": Meaning(
        "broadcasting in the loss", "each output meets every target", _OTHER_LOSS, verb="is", unit="losses"
    ),
    "vanishing-gradients": Meaning(
        "vanishing gradients",
        "hardly any gradient reaches the first layers",
        _LOWER,
        unit="first steps",
        measure="gradient of the first layers as part of the last ones'",
    ),
    "symmetric-units": Meaning("identical units", "all units of a layer compute the same", _LOWER, unit="layers"),
    "dead-output": Meaning(
        "a dead output", "the last ReLU gives zeros and lets no gradient through", _LOWER, verb="is", unit="losses"
    ),
    "divergence": Meaning("divergence", "the loss runs away", _LOWER, verb="is", unit="runs"),
    "non-finite": Meaning("non-finite losses", "the loss became NaN or infinite", _LOWER, unit="runs"),
}

# `crash` is told by the outcome, not here.
_NOT_A_SYMPTOM = frozenset({"crash"})


def meaning(name: str) -> Meaning:
    """The words for a symptom; one that is not in the table speaks for itself and says nothing about the loss."""
    return MEANINGS.get(name) or Meaning(name.replace("-", " "), name.replace("-", " "), _EITHER, "is", "checks")


class Presence(StrEnum):
    SHOWN = "shown"
    ABSENT = "absent"
    MIXED = "mixed"
    """Some seeds show it, others do not."""
    UNKNOWN = "unknown"
    """The runs gave no chance to look."""


@dataclass(frozen=True)
class Sighting:
    """How often one version showed a symptom, over all its runs."""

    presence: Presence
    shown: int
    checked: int
    detail: str = ""
    first_step: int | None = None
    values: tuple[float, ...] = ()
    """What was measured at each look of one run, where that is a number."""

    def __str__(self) -> str:
        if self.presence is Presence.UNKNOWN:
            return "could not be judged"
        return f"{self.shown} of {self.checked}"


@dataclass(frozen=True)
class SymptomChange:
    """One symptom on both sides."""

    name: str
    before: Sighting
    after: Sighting

    @property
    def gone(self) -> bool:
        """Proved absent afterwards: it was looked for and not seen, which is more than not being reported."""
        return self.before.presence is Presence.SHOWN and self.after.presence is Presence.ABSENT

    @property
    def appeared(self) -> bool:
        return self.before.presence is Presence.ABSENT and self.after.presence is Presence.SHOWN

    @property
    def remains(self) -> bool:
        seen = (Presence.SHOWN, Presence.MIXED)
        return self.before.presence in seen and self.after.presence in seen

    @property
    def harmless(self) -> bool:
        """Whether it was there before, but too faint to matter (stale gradients that a loss scaler divides away)."""
        return bool(self.before.values) and min(self.before.values) > meaning(self.name).harmless

    @property
    def settled(self) -> bool:
        """Whether the seeds agree on both sides."""
        return Presence.MIXED not in (self.before.presence, self.after.presence)


def _of(trace: Trace, name: str) -> Symptom | None:
    if name == "non-finite" and trace.backwards:
        return Symptom(name, int(trace.non_finite), 1)
    return trace.symptoms.get(name)


def _sighting(traces: Iterable[Trace], name: str) -> Sighting:
    judged = [found for trace in traces if (found := _of(trace, name)) is not None and found.checked > 0]
    if not judged:
        return Sighting(Presence.UNKNOWN, 0, 0)
    seen = [found for found in judged if found.shown > 0]
    presence = Presence.ABSENT if not seen else Presence.MIXED
    if len(seen) == len(judged):
        presence = Presence.SHOWN
    example = (seen or judged)[0]
    shown, checked = sum(found.shown for found in judged), sum(found.checked for found in judged)
    return Sighting(presence, shown, checked, example.detail, example.first_step, example.values)


def compare_symptoms(before: Sequence[Trace], after: Sequence[Trace], expected: Iterable[str]) -> list[SymptomChange]:
    """Every symptom that either version showed or that is expected, the expected ones first."""
    names = dict.fromkeys(name for name in expected if name not in _NOT_A_SYMPTOM)
    for trace in (*before, *after):
        names |= dict.fromkeys(name for name, found in trace.symptoms.items() if found.shown)
        if trace.non_finite:
            names["non-finite"] = None
    return [
        SymptomChange(name, _sighting(before, name), _sighting(after, name))
        for name in names
        if name not in _NOT_A_SYMPTOM
    ]
