"""Fabricated traces, for the tests of what is decided from them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from fixer.verify.compare import Pair
from fixer.verify.trace import Crash, Outcome, Symptom, Trace

Curve = tuple[float, ...]


def falling(seed: int, *, end: float = 0.2, steps: int = 100, noise: float = 0.0) -> Curve:
    """A loss that falls from 2 to `end`, times a factor of the seed's own."""
    rng = random.Random(seed)
    factor = rng.lognormvariate(0, 0.3)
    return tuple(factor * (end + (2 - end) * 0.9**step) * rng.lognormvariate(0, noise) for step in range(steps))


def trace(version: str, seed: int, losses: Curve | Mapping[str, Curve] | None = None, **overrides: object) -> Trace:
    """A run of 100 steps that trained; `shown` maps a symptom to how often it was shown, of 12 looks."""
    series = (
        {"loss 1": losses}
        if isinstance(losses, tuple)
        else dict({"loss 1": falling(seed)} if losses is None else losses)
    )
    shown: Mapping[str, int] = overrides.pop("shown", {})  # type: ignore[assignment]
    steps = max(map(len, series.values()), default=0)
    values = {
        "outcome": Outcome.BUDGET,
        "steps": steps,
        "backwards": steps,
        "series": series,
        "symptoms": {name: Symptom(name, count, 12) for name, count in shown.items()},
        "batches": tuple(f"{seed}-{step}" for step in range(steps)),
        **overrides,
    }
    return Trace(version, seed, **values)  # type: ignore[arg-type]


def crash(version: str, seed: int, message: str = "boom", **overrides: object) -> Trace:
    error = Crash("ValueError", message, "train.py", 12, "main")
    return trace(version, seed, {}, outcome=Outcome.CRASHED, crash=error, **overrides)


def idle(version: str, seed: int, **overrides: object) -> Trace:
    return trace(version, seed, {}, outcome=Outcome.FINISHED, **overrides)


def pairs(count: int, before: Callable[[int], Trace], after: Callable[[int], Trace]) -> list[Pair]:
    return [(before(seed), after(seed)) for seed in range(count)]


def both(traces: Sequence[Pair]) -> list[Trace]:
    return [each for pair in traces for each in pair]
