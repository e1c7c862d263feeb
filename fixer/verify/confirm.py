"""Which of several mends of one program does the run confirm?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fixer.verify.symptoms import Expectation
from fixer.verify.verdict import Verdict, VerdictKind

Fix = TypeVar("Fix")
Text = str | bytes


@dataclass(frozen=True)
class Settled(Generic[Fix]):
    """What became of one fix, and the verdict that settled it; `alone`: it was judged by itself."""

    fix: Fix
    kept: bool
    reason: str
    verdict: Verdict
    alone: bool


@dataclass(frozen=True)
class Confirmation(Generic[Fix]):
    """The text with the confirmed fixes, and what was decided about each fix, in the order given."""

    text: Text
    settled: tuple[Settled[Fix], ...]

    @property
    def kept(self) -> tuple[Fix, ...]:
        return tuple(each.fix for each in self.settled if each.kept)

    @property
    def dropped(self) -> tuple[Settled[Fix], ...]:
        return tuple(each for each in self.settled if not each.kept)


def confirm(
    original: Text,
    fixes: Sequence[Fix],
    *,
    apply: Callable[[Sequence[Fix]], Text],
    prove: Callable[[Text, Text, Expectation], Verdict],
    expect: Callable[[Fix], Expectation] = lambda _: Expectation(),
    must_improve: Callable[[Fix], bool] = lambda _: False,
) -> Confirmation[Fix]:
    """Prove the fixes together; take them apart only where that does not confirm them.

    Args:
        original: the program as it stands.
        fixes: whatever `apply` understands; they are only handed through.
        apply: the program with these fixes, which come in the order of `fixes`, and no others.
        prove: judges two texts, as `verify` does.
        expect: what a fix declares: its symptoms and its effect on the loss.
        must_improve: whether a fix needs proof that it mends something (an unsafe one). Of others it is enough that
            the run stays equivalent.
    """
    return _Confirming(original, fixes, apply, prove, expect, must_improve).result()


@dataclass
class _Confirming(Generic[Fix]):
    original: Text
    fixes: Sequence[Fix]
    apply: Callable[[Sequence[Fix]], Text]
    prove: Callable[[Text, Text, Expectation], Verdict]
    expect: Callable[[Fix], Expectation]
    must_improve: Callable[[Fix], bool]

    def result(self) -> Confirmation[Fix]:
        settled: dict[int, Settled[Fix]] = {}
        self._settle(frozenset(), list(range(len(self.fixes))), settled)
        kept = frozenset(index for index, each in settled.items() if each.kept)
        return Confirmation(self._text(kept), tuple(settled[index] for index in range(len(self.fixes))))

    def _settle(self, base: frozenset[int], group: list[int], settled: dict[int, Settled[Fix]]) -> frozenset[int]:
        """Decide on a group of fixes, given those of `base`; what is kept, `base` included."""
        if not group:
            return base
        expected = combine([self.expect(self.fixes[index]) for index in group])
        verdict = self.prove(self._text(base), self._text(base | set(group)), expected)
        confirmed = self._confirmed(group, verdict)
        if confirmed or len(group) == 1:
            for index in group:
                told = f"{verdict.verdict}: {verdict.reason}"
                settled[index] = Settled(self.fixes[index], confirmed, told, verdict, len(group) == 1)
            return base | set(group) if confirmed else base
        half = len(group) // 2
        first = self._settle(base, group[:half], settled)
        both = self._settle(first, group[half:], settled)
        if both > first:
            # A fix may need another one that stands behind it: what was dropped gets its second chance on top of that.
            for index in [index for index in group[:half] if not settled[index].kept]:
                both = self._settle(both, [index], settled)
        return both

    def _confirmed(self, group: Sequence[int], verdict: Verdict) -> bool:
        if not verdict.good:
            return False
        demanding = [self.fixes[index] for index in group if self.must_improve(self.fixes[index])]
        if not demanding:
            return True
        if verdict.verdict is VerdictKind.EQUIVALENT:
            return False
        gone = {each.name for each in verdict.symptoms if each.gone}
        if verdict.verdict is VerdictKind.CRASH_FIXED:
            gone.add("crash")
        return len(group) == 1 or all(gone & set(self.expect(fix).symptoms) for fix in demanding)

    def _text(self, indices: frozenset[int]) -> Text:
        return self.apply([self.fixes[index] for index in sorted(indices)]) if indices else self.original


def combine(expectations: Sequence[Expectation]) -> Expectation:
    """What several mends together declare; where they differ about the loss, it is left to the symptoms."""
    symptoms = tuple(dict.fromkeys(name for each in expectations for name in each.symptoms))
    effects = {each.loss for each in expectations}
    if "not-comparable" in effects:
        return Expectation(symptoms, "not-comparable")
    if len(effects) == 1:
        return Expectation(symptoms, effects.pop())
    return Expectation(symptoms, "either" if effects & {"either", "higher"} else None)
