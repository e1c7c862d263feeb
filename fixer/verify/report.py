"""A verdict for people, for programs and as a page: `to_text`, `to_json`, `write_report`."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fixer.verify.compare import LossComparison
from fixer.verify.outcomes import Side
from fixer.verify.symptoms import Sighting, SymptomChange, meaning
from fixer.verify.terminal import to_text
from fixer.verify.verdict import Series, Verdict

__all__ = ["SCHEMA", "to_dict", "to_json", "to_text", "write_report"]

SCHEMA = 1
"""Raised when a key changes its meaning or goes; new keys may come at any time."""


def to_json(verdict: Verdict, *, indent: int | None = 2) -> str:
    """The verdict as strict JSON. Losses that are NaN or infinite are the strings "nan", "inf" and "-inf"."""
    return json.dumps(to_dict(verdict), indent=indent, allow_nan=False)


def to_dict(verdict: Verdict) -> dict[str, Any]:
    """What `to_json` writes.

    - verdict, reason: one of `VerdictKind`, and why, in words.
    - outcome: for before and after, how the runs ended: `ending`, `text`, least `steps`, number of `runs`, `crash`.
    - symptoms: each that was shown or expected: on both sides `presence`, how often `shown` and `checked`, a `detail`;
      `gone` when it is proved absent afterwards; what it `proves`.
    - loss: the comparison of the training losses that counts. `before` and `after` hold one value a pair, `effect` and
      `interval` are differences on `scale`: "log" is log(after / before), "asinh" of the losses in units of the first
      one, "rate" of shares. `decision` is "not-comparable" where the versions train on different loss functions.
    - yardstick: null, or the comparison that takes the place of losses that cannot be compared: how well the outputs
      fitted the targets of each training batch, measured before the step on it. `measure` is "error rate" (the class
      with the highest score), "wrongly ranked pairs" (of a positive and a negative: 1 - AUC), "squared error" or
      "absolute error" (pair by pair, whatever the shapes). `data` is "first-seen batches" where these held nothing that
      had been trained on before, else "training batches".
    - evaluation: the comparison of each loss that evaluation passes computed, by the last fifth of the passes. The
      verdict never calls it better or worse.
    - series: every recorded loss, and the yardstick ("fit 1", ...) where it counts: one curve a seed on either side,
      what it is (`quantity`), with its own comparison where it has one.
    - pairing: whether both versions saw the same batches. seeds, steps, device, isolation, versions: how it was run.
    - null in outcome: nothing was run.
    """
    return {
        "schema": SCHEMA,
        "verdict": verdict.verdict.value,
        "reason": verdict.reason,
        "path": verdict.path,
        "outcome": {"before": _side(verdict.before), "after": _side(verdict.after)},
        "symptoms": [_symptom(each) for each in verdict.symptoms],
        "loss": _loss(verdict.loss),
        "yardstick": _loss(verdict.yardstick) if verdict.yardstick else None,
        "evaluation": [_loss(each) for each in verdict.evaluation],
        "series": [_series(each) for each in verdict.series],
        "pairing": asdict(verdict.pairing),
        "command": verdict.command,
        "seeds": list(verdict.seeds),
        "steps": verdict.steps,
        "device": verdict.device,
        "isolation": list(verdict.isolation),
        "replaced": list(verdict.replaced),
        "notes": list(verdict.notes),
        "versions": dict(verdict.versions),
        "seconds": round(verdict.seconds, 3),
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    crash = asdict(side.crash) if side.crash else None
    return {"ending": side.ending.value, "text": side.text, "steps": side.steps, "runs": side.runs, "crash": crash}


def _sighting(sighting: Sighting) -> dict[str, Any]:
    return {**asdict(sighting), "presence": sighting.presence.value}


def _symptom(each: SymptomChange) -> dict[str, Any]:
    sides = {"before": _sighting(each.before), "after": _sighting(each.after)}
    return {"name": each.name, **sides, "gone": each.gone, "proves": meaning(each.name).proves}


def _loss(loss: LossComparison) -> dict[str, Any]:
    return {
        "decision": loss.decision.value,
        "series": loss.series,
        "summary": loss.summary,
        "before": [_number(value) for value in loss.before],
        "after": [_number(value) for value in loss.after],
        "effect": None if loss.effect is None else _number(loss.effect),
        "interval": None if loss.interval is None else [_number(end) for end in loss.interval],
        "pairs": loss.pairs,
        "margin": _number(loss.margin),
        "scale": loss.scale.value,
        "note": loss.note,
        "measure": loss.measure,
        "data": loss.data,
    }


def _series(each: Series) -> dict[str, Any]:
    curves = {
        side: [[_number(value) for value in curve] for curve in getattr(each, side)] for side in ("before", "after")
    }
    judged = _loss(each.comparison) if each.comparison else None
    return {"name": each.name, "quantity": each.quantity, **curves, "loss": judged}


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def write_report(
    verdict: Verdict, folder: str | Path, *, before: str | bytes = "", after: str | bytes = "", diff: str = ""
) -> Path:
    """Write index.html (self-contained), losses.svg, losses.png and report.json into `folder`; the page's path.

    The page shows `diff`, or else the difference between `before` and `after`.
    """
    from fixer.verify.page import render
    from fixer.verify.plots import loss_figure

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    figure = loss_figure(verdict)
    if figure is not None:
        (folder / "losses.svg").write_text(figure.svg, encoding="utf-8")
        (folder / "losses.png").write_bytes(figure.png)
    (folder / "report.json").write_text(to_json(verdict) + "\n", encoding="utf-8")
    page = folder / "index.html"
    page.write_text(render(verdict, figure.svg if figure else "", before, after, diff), encoding="utf-8")
    return page
