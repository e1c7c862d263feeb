"""Run pairs until the verdict is certain, and no longer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fixer.verify.compare import LOOKS, Pair, compare_series, identical
from fixer.verify.decision import decide
from fixer.verify.evidence import Evidence, effect_of
from fixer.verify.outcomes import describe
from fixer.verify.symptoms import Expectation
from fixer.verify.trace import Trace
from fixer.verify.verdict import Judgement, Series, Verdict, VerdictKind
from fixer.verify.yardstick import compare_yardstick

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Request:
    """One run that is wanted. `repeat` 1 is the same run once more, to see what differs between equal runs."""

    version: str
    seed: int
    repeat: int = 0


Runner = Callable[[Sequence[Request]], Iterable[tuple[Request, Trace]]]
"""Gives the traces in the order in which the runs finish."""

_FIRST_LOOK = 2
"""A crash or a symptom that flips needs two seeds, no statistics."""


_CONFIRMING = 3
"""Pairs with fresh seeds that must bear out a verdict that rests on the loss alone: chance rarely strikes twice."""


def prove(run: Runner, expected: Expectation, *, seeds: int = LOOKS[-1], progress: Progress | None = None) -> Verdict:
    """Judge two versions by pairs of runs with equal seeds: at most `seeds`, and three more to confirm a loss."""
    looks = sorted({look for look in (_FIRST_LOOK, *LOOKS) if look < seeds} | {seeds})
    desk = _Desk(run, progress)
    noise: dict[str, float] | None = None
    pairs: list[Pair] = []
    for look in looks:
        pairs += desk.pairs(range(len(pairs), look))
        final = look == looks[-1]
        judgement = decide(Evidence(pairs, expected, noise or {}, final))
        if judgement is not None and judgement.by_loss and noise is None:
            noise = measure_noise(pairs, desk.repeats(range(min(look, LOOKS[0]))))
            judgement = decide(Evidence(pairs, expected, noise, final))
        if judgement is not None and judgement.by_loss:
            fresh = desk.pairs(range(len(pairs), len(pairs) + _CONFIRMING))
            judgement = _borne_out(judgement, Evidence(pairs, expected, noise or {}, final), fresh)
            pairs += fresh
        if judgement is not None:
            return _verdict(judgement, Evidence(pairs, expected, noise or {}, final=True), noise)
    raise AssertionError("the last look is final")


def _borne_out(judgement: Judgement, evidence: Evidence, fresh: Sequence[Pair]) -> Judgement | None:
    """The judgement, if each fresh pair points the same way; else more pairs are needed, or there is none."""
    agreed = all(effect_of(told, pair) * (told.effect or 0.0) > 0 for told in judgement.rests_on for pair in fresh)
    confirmed = decide(replace(evidence, pairs=[*evidence.pairs, *fresh], final=True))
    if agreed and confirmed is not None and confirmed.verdict is judgement.verdict:
        return confirmed
    if not evidence.final:
        return None
    reason = f"{judgement.reason}; but {len(fresh)} pairs with fresh seeds do not bear it out"
    return Judgement(VerdictKind.INCONCLUSIVE, reason)


@dataclass
class _Desk:
    """Orders runs and tells the progress."""

    run: Runner
    progress: Progress | None
    done: int = 0
    planned: int = 0

    def pairs(self, seeds: Iterable[int]) -> list[Pair]:
        wanted = [Request(version, seed) for seed in seeds for version in ("before", "after")]
        traces = self._order(wanted)
        return [(traces[one], traces[other]) for one, other in zip(wanted[::2], wanted[1::2], strict=True)]

    def repeats(self, seeds: Iterable[int]) -> list[Trace]:
        wanted = [Request("before", seed, repeat=1) for seed in seeds]
        traces = self._order(wanted)
        return [traces[request] for request in wanted]

    def _order(self, wanted: Sequence[Request]) -> dict[Request, Trace]:
        self.planned += len(wanted)
        traces = {}
        for request, trace in self._told(self.run(wanted)):
            traces[request] = trace
        return traces

    def _told(self, finished: Iterable[tuple[Request, Trace]]) -> Iterator[tuple[Request, Trace]]:
        for request, trace in finished:
            self.done += 1
            if self.progress is not None:
                again = " again" if request.repeat else ""
                self.progress(self.done, self.planned, f"{request.version}{again}, seed {request.seed}: {_told(trace)}")
            yield request, trace


def _told(trace: Trace) -> str:
    losses = next(iter(trace.series.values()), ())
    return describe(trace) + (f", loss {losses[-1]:.4g}" if losses else "")


def measure_noise(pairs: Sequence[Pair], repeats: Sequence[Trace]) -> dict[str, float]:
    """How far runs of one version and one seed lie apart, by series: the standard deviation on the series' scale."""
    again = [(before, repeat) for (before, _), repeat in zip(pairs, repeats, strict=False)]
    if all(identical(pair) for pair in again):
        return {}
    noise = {}
    for name in pairs[0][0].series:
        curves = [(one.series[name], other.series[name]) for one, other in again if name in other.series]
        effects = [compare_series(name, [curve]).effect for curve in curves]
        squares = [effect * effect for effect in effects if effect is not None]
        noise[name] = math.sqrt(sum(squares) / len(squares)) if squares else math.inf
    return noise | _yardstick_noise(again)


def _yardstick_noise(again: Sequence[Pair]) -> dict[str, float]:
    squares: dict[str, list[float]] = {}
    for pair in again:
        for found in compare_yardstick([pair]):
            if found.effect is not None:
                squares.setdefault(found.series, []).append(found.effect**2)
    return {name: math.sqrt(sum(each) / len(each)) for name, each in squares.items()}


def _verdict(judgement: Judgement, evidence: Evidence, noise: Mapping[str, float] | None) -> Verdict:
    traces = [trace for pair in evidence.pairs for trace in pair]
    first = traces[0]
    notes = [note for trace in traces for note in trace.notes]
    if noise:
        notes.append("runs of one version with one seed differ among themselves; the margin allows for it")
    counted = evidence.loss.pairs
    if 0 < counted < len(evidence.pairs):
        notes.append(f"only {counted} of {len(evidence.pairs)} pairs count: the seed does not change the others")
    return Verdict(
        judgement.verdict,
        judgement.reason,
        evidence.before,
        evidence.after,
        tuple(evidence.symptoms),
        evidence.loss,
        evidence.yardstick if evidence.needs_yardstick else None,
        tuple(evidence.evaluation),
        _series(evidence),
        evidence.pairing,
        seeds=tuple(before.seed for before, _ in evidence.pairs),
        steps=max(trace.steps for trace in traces),
        isolation=tuple(item for item in first.isolation if all(item in trace.isolation for trace in traces)),
        replaced=tuple(dict.fromkeys(item for trace in traces for item in trace.replaced)),
        notes=tuple(dict.fromkeys(notes)),
        versions=dict(first.versions),
        seconds=sum(trace.seconds for trace in traces),
    )


def _series(evidence: Evidence) -> tuple[Series, ...]:
    judged = {each.series: each for each in (*evidence.losses, *evidence.evaluation)}
    found = []
    for kind in ("series", "evaluation"):
        names = dict.fromkeys(name for pair in evidence.pairs for trace in pair for name in getattr(trace, kind))
        for name in names:
            before, after = (
                tuple(getattr(pair[side], kind).get(name, ()) for pair in evidence.pairs) for side in (0, 1)
            )
            found.append(Series(name, before, after, judged.get(name)))
    return (*found, *(_yardstick_series(evidence) if evidence.needs_yardstick else ()))


def _yardstick_series(evidence: Evidence) -> Iterator[Series]:
    for told in {each.series: each for each in evidence.yardsticks if each.series}.values():
        place = int(told.series.rpartition(" ")[2]) - 1
        before, after = (tuple(pair[side].yardstick[place].values for pair in evidence.pairs) for side in (0, 1))
        yield Series(told.series, before, after, told, told.measure)


def without_running(reason: str, kind: VerdictKind = VerdictKind.EQUIVALENT) -> Verdict:
    """A verdict that needs no run."""
    return Verdict(kind, reason)
