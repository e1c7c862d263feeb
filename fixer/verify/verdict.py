"""A verdict: what changed between two versions of a program, and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fixer.verify.compare import Curve, Decision, LossComparison, Pairing
from fixer.verify.outcomes import Side
from fixer.verify.symptoms import SymptomChange


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
    quantity: str = "loss"
    """What its values are."""


@dataclass(frozen=True)
class Verdict:
    """What changed between two versions of a program, and on what evidence."""

    verdict: VerdictKind
    reason: str
    before: Side | None = None
    after: Side | None = None
    symptoms: tuple[SymptomChange, ...] = ()
    loss: LossComparison = field(default_factory=lambda: LossComparison(Decision.NONE))
    yardstick: LossComparison | None = None
    """The measure that takes the place of losses that cannot be compared; None where they can."""
    evaluation: tuple[LossComparison, ...] = ()
    """The losses of evaluation passes. They are shown; the verdict does not rest on them."""
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
    """A verdict without its evidence."""

    verdict: VerdictKind
    reason: str
    rests_on: tuple[LossComparison, ...] = ()
    """The comparisons that it rests on alone; empty where a crash or a symptom proves it."""

    @property
    def by_loss(self) -> bool:
        return bool(self.rests_on)
