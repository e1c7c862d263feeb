"""What one run of one version of a script showed: the record that every comparison rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a run came to its end."""

    FINISHED = "finished"
    """The script came to its end, `sys.exit(0)` included."""
    BUDGET = "budget"
    """Stopped at the step or evaluation cap: it trains."""
    CRASHED = "crashed"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    KILLED = "killed"
    """Stopped from outside: a signal, too much output, or the caller lost interest."""


@dataclass(frozen=True)
class Crash:
    """The exception that ended a run; the place is the deepest frame in the user's own files."""

    type: str
    message: str
    file: str | None = None
    line: int | None = None
    """In the text of the version that ran."""
    function: str | None = None
    user_frame_source: str | None = None
    """The source line of that frame, stripped."""


@dataclass(frozen=True)
class Symptom:
    """One mechanical fact that proves a defect, and how often it could be looked for."""

    name: str
    shown: int
    """How often it was seen."""
    checked: int
    """How many times it was looked for; 0 means that the run gave no chance to judge."""
    first_step: int | None = None
    detail: str = ""
    """One sentence for people, with figures."""
    values: tuple[float, ...] = ()
    """The measured value at each check, the first ones only (for a plot)."""


@dataclass(frozen=True)
class Scores:
    """How well the outputs that reached one loss fitted its targets: one value for each batch that was trained on,
    measured before the step on it."""

    function: str
    """The loss function, as `torch.nn.functional` calls it."""
    measure: str
    """What the values are; it does not depend on how the loss function reads its input."""
    values: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    """How many outputs each value is the mean over."""
    fresh: tuple[bool, ...] = ()
    """Whether the batch was seen for the first time."""
    first: str = ""
    """A fingerprint of the first batch's outputs and targets."""


@dataclass(frozen=True)
class Trace:
    """One run. Series are in the order of the steps; NaN and infinity stay what they are, also in JSON."""

    version: str
    """"before" or "after"."""
    seed: int
    outcome: Outcome
    crash: Crash | None = None
    steps: int = 0
    """Optimizer steps taken."""
    backwards: int = 0
    series: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Back-propagated losses by call site: "loss 1", "loss 2", ... in order of first appearance."""
    evaluation: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Losses computed without gradient: the mean of each evaluation pass, by call site: "evaluation 1", ..."""
    yardstick: tuple[Scores, ...] = ()
    """For each place where a loss that is trained on is computed, in order of first appearance."""
    symptoms: Mapping[str, Symptom] = field(default_factory=dict)
    batches: tuple[str, ...] = ()
    """A fingerprint of what was fed to the model, one for each optimizer step."""
    learning_rates: tuple[float, ...] = ()
    gradient_norms: tuple[float, ...] = ()
    update_norms: tuple[float, ...] = ()
    non_finite: bool = False
    """A back-propagated loss was NaN or infinite."""
    warnings: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    """What the script asked for and what it got: "cuda -> cpu"."""
    notes: tuple[str, ...] = ()
    isolation: tuple[str, ...] = ()
    """The protections that were really active."""
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    peak_memory_mb: float = 0.0
    stdout_tail: str = ""
    stderr_tail: str = ""

    @property
    def trains(self) -> bool:
        """Whether training got under way: an optimizer stepped or, in a loop without one, gradients were computed.

        It may have crashed later: ask `outcome` first.
        """
        return self.steps > 0 or self.backwards > 0

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Trace:
        """The trace that `to_json` wrote. Unknown keys are an error: the two ends are of one release."""
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Trace:
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()
        }
        values["outcome"] = Outcome(raw["outcome"])
        values["crash"] = Crash(**raw["crash"]) if raw.get("crash") else None
        values["series"] = {name: tuple(losses) for name, losses in raw.get("series", {}).items()}
        values["evaluation"] = {name: tuple(losses) for name, losses in raw.get("evaluation", {}).items()}
        values["symptoms"] = {
            name: Symptom(**{**symptom, "values": tuple(symptom.get("values", ()))})
            for name, symptom in raw.get("symptoms", {}).items()
        }
        values["yardstick"] = tuple(
            Scores(
                scores["function"],
                scores["measure"],
                tuple(scores["values"]),
                tuple(scores["counts"]),
                tuple(scores["fresh"]),
                scores["first"],
            )
            for scores in raw.get("yardstick", ())
        )
        return cls(**values)
