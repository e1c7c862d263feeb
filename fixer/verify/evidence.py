"""All that the runs so far have shown, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from fixer.verify.compare import (
    Decision,
    LossComparison,
    Pair,
    Pairing,
    check_pairing,
    compare_losses,
    compare_series,
)
from fixer.verify.evaluation import compare_evaluation
from fixer.verify.outcomes import Side, side_of
from fixer.verify.symptoms import Expectation, LossEffect, SymptomChange, compare_symptoms, meaning
from fixer.verify.yardstick import compare_yardstick, other_functions

_TOLD_APART = (Decision.LOWER, Decision.HIGHER)


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
        """The training losses, as they are where the mend changes the loss function: not to be compared."""
        found = compare_losses(self.pairs, self.noise)
        note = self._other_loss(found[0])
        return [_not_comparable(each, note) for each in found] if note else found

    def _other_loss(self, told: LossComparison) -> str:
        """Why these losses cannot be compared, though both versions have as many."""
        if told.decision in (Decision.IDENTICAL, Decision.NONE, Decision.NOT_COMPARABLE):
            return ""
        appeared = [each for each in self.symptoms if each.appeared]
        if LossEffect.NOT_COMPARABLE in (self.effect(self.gone), self.effect(appeared)):
            return "the change is one of the loss itself, so that its values cannot be compared"
        if told.decision in _TOLD_APART and other_functions(self.pairs):
            return "the versions train on different loss functions, whose values cannot be compared"
        return ""

    @cached_property
    def yardsticks(self) -> list[LossComparison]:
        return compare_yardstick(self.pairs, self.noise)

    @property
    def yardstick(self) -> LossComparison:
        """One measure for both versions, whatever their loss functions."""
        return self.yardsticks[0]

    @property
    def contradicted(self) -> bool:
        """Whether the losses say one thing and the fit of the outputs to their targets another.

        A loss alone may fall because it is computed otherwise (divided, or without a part of it).
        """
        if self.loss.decision not in _TOLD_APART or self.yardstick.decision in (Decision.NONE, Decision.UNCLEAR):
            return False
        rate = self.yardstick.scale == "rate"
        return self.yardstick.decision is not self.loss.decision and not (rate and self._same_fit)

    @property
    def _same_fit(self) -> bool:
        # Shares are coarse: with equal shares the loss may well be lower.
        return self.yardstick.decision is Decision.SAME

    @property
    def needs_yardstick(self) -> bool:
        return self.loss.decision is Decision.NOT_COMPARABLE or self.contradicted

    @cached_property
    def evaluation(self) -> list[LossComparison]:
        """The losses of evaluation passes; none where the mend changes the loss function, which they use too."""
        return [] if self.loss.decision is Decision.NOT_COMPARABLE else compare_evaluation(self.pairs)

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


def effect_of(told: LossComparison, pair: Pair) -> float:
    """The difference that one pair shows in what `told` compares."""
    if told.measure != "loss":
        return next((each.effect or 0.0 for each in compare_yardstick([pair]) if each.series == told.series), 0.0)
    before, after = (trace.series.get(told.series, ()) for trace in pair)
    return compare_series(told.series, [(before, after)]).effect or 0.0


def _not_comparable(told: LossComparison, note: str) -> LossComparison:
    return replace(told, decision=Decision.NOT_COMPARABLE, effect=None, interval=None, note=note)
