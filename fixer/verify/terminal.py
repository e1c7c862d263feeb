"""A verdict on a terminal: one line that says it, three witnesses that prove it, and how to repeat it."""

from __future__ import annotations

import io
import itertools
import math
import os
import shutil
import statistics
import sys
import textwrap
from collections.abc import Iterator, Sequence

from fixer.verify.compare import Curve, Decision, LossComparison
from fixer.verify.symptoms import Presence, SymptomChange, meaning
from fixer.verify.verdict import Series, Verdict, VerdictKind
from fixer.verify.wording import change, evaluation_words, figures, yardstick_words

_STYLES = {
    VerdictKind.IMPROVED: "bold green",
    VerdictKind.CRASH_FIXED: "bold green",
    VerdictKind.EQUIVALENT: "bold cyan",
    VerdictKind.REGRESSED: "bold red",
    VerdictKind.INCONCLUSIVE: "bold yellow",
    VerdictKind.NOT_RUN: "bold yellow",
}
_BLOCKS = "▁▂▃▄▅▆▇█"
_PLAIN = "_.-:=+*#"
_COLUMNS = 40
_INDENT = 12


def to_text(
    verdict: Verdict, *, color: bool | None = None, width: int | None = None, unicode: bool | None = None
) -> str:
    """The report as text.

    Args:
        color: None: where standard output is a terminal and NO_COLOR is not set.
        width: columns to wrap at. None: those of the terminal, at most 100.
        unicode: None: where standard output can print the blocks of the curves.
    """
    width = width or (min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 100)
    color = _wants_color() if color is None else color
    blocks = _BLOCKS if (_prints_blocks() if unicode is None else unicode) else _PLAIN
    head = f"{verdict.verdict}: {verdict.reason}"
    lines = textwrap.wrap(head, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    if color:
        lines[0] = _colored(lines[0], len(verdict.verdict), _STYLES[verdict.verdict])
    rows = list(witnesses(verdict))
    rows += _curves(verdict, blocks)
    rows += _conditions(verdict)
    for label, text in rows:
        prefix = f"  {label:<{_INDENT - 2}}"
        body = width - _INDENT if label or not text.startswith(("before  ", "after  ")) else 10_000
        wrapped = textwrap.wrap(text, max(body, 30), break_long_words=False, break_on_hyphens=False) or [""]
        lines += [f"{prefix}{wrapped[0]}", *(" " * _INDENT + more for more in wrapped[1:])]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def witnesses(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Outcome, symptoms, loss and what stands beside it, as rows of a label and a text."""
    yield from _outcome(verdict)
    yield from _symptoms(verdict)
    yield from _loss(verdict)
    yield from _yardstick(verdict)
    yield from _evaluation(verdict)


def _wants_color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _prints_blocks() -> bool:
    try:
        _BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _colored(line: str, length: int, style: str) -> str:
    from rich.console import Console
    from rich.text import Text

    text = Text(line)
    text.stylize(style, 0, length)
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard", width=10_000, no_color=False).print(text, end="")
    return out.getvalue()


def _outcome(verdict: Verdict) -> Iterator[tuple[str, str]]:
    before, after = verdict.before, verdict.after
    if before is None or after is None:
        return
    if before.text == after.text:
        yield "outcome", f"both versions: {before.text}"
    else:
        yield "outcome", f"before: {before.text}"
        yield "", f"after: {after.text}"


def _symptoms(verdict: Verdict) -> Iterator[tuple[str, str]]:
    label = "symptoms"
    for each in verdict.symptoms:
        for line in _symptom(each):
            yield label, line
            label = ""
    if not verdict.symptoms and verdict.before is not None:
        yield label, "none of those that are watched was shown by either version"


def _symptom(each: SymptomChange) -> Iterator[str]:
    if each.before.presence is Presence.UNKNOWN and each.after.presence is Presence.UNKNOWN:
        yield f"{each.name}: the runs gave no chance to look"
        return
    yield f"{each.name}: {figures(each)}"
    if each.before.shown or each.after.shown:
        yield (each.before if each.before.shown else each.after).detail or meaning(each.name).proves


def _loss(verdict: Verdict) -> Iterator[tuple[str, str]]:
    loss = verdict.loss
    if loss.decision is Decision.NONE:
        return
    words = {
        Decision.IDENTICAL: f"bit-identical in {loss.pairs} pair{'s' if loss.pairs != 1 else ''} of runs",
        Decision.NOT_COMPARABLE: f"not comparable: {loss.note}",
    }
    told = words.get(loss.decision) or f"{loss.decision}: {change(loss)}"
    if loss.decision is Decision.UNCLEAR:
        told = _unclear(verdict, loss)
    yield "loss", told
    if loss.before and loss.decision not in (Decision.IDENTICAL, Decision.NOT_COMPARABLE):
        middle = [statistics.median(side) for side in (loss.before, loss.after)]
        ends = f"{middle[0]:.4g} before, {middle[1]:.4g} after"
        yield "", f"{ends} ({loss.summary}{', the middle pair' if len(loss.before) > 1 else ''})"


def _yardstick(verdict: Verdict) -> Iterator[tuple[str, str]]:
    found = verdict.yardstick
    if found is None or not found.data:
        return
    yield "yardstick", yardstick_words(found)
    if found.before:
        middle = ", the middle pair" if len(found.before) > 1 else ""
        yield "", f"{found.summary}{middle}, each scored before the step on it"


def _evaluation(verdict: Verdict) -> Iterator[tuple[str, str]]:
    changed = [each for each in verdict.evaluation if each.decision is not Decision.IDENTICAL]
    if verdict.evaluation and not changed:
        yield "eval loss", "bit-identical"
    for number, each in enumerate(changed[:3]):
        yield "" if number else "eval loss", evaluation_words(each)
    if changed:
        yield "", "shown only: how an evaluation comes out proves nothing about the mend"


def _unclear(verdict: Verdict, loss: LossComparison) -> str:
    if loss.note:
        return loss.note
    if verdict.verdict is VerdictKind.INCONCLUSIVE:
        return f"not told apart from chance: {change(loss)}"
    return f"{change(loss)}; the verdict does not rest on it"


def _curves(verdict: Verdict, blocks: str) -> Iterator[tuple[str, str]]:
    judged = [each for each in verdict.series if each.comparison is not None or len(verdict.series) == 1]
    shown = [each for each in judged if not each.name.startswith("evaluation") or max(map(len, each.before)) > 1]
    for each in shown[:3]:
        label = each.name.replace("evaluation", "eval")  # which is as long as labels may be
        if each.comparison is not None and each.comparison.decision is Decision.IDENTICAL:
            yield label, f"{sparkline(_medians(each.before), blocks, _range(each))} {_ends(each.before)}"
            continue
        scale = _range(each)
        yield label, f"before  {sparkline(_medians(each.before), blocks, scale)} {_ends(each.before)}".rstrip()
        yield "", f"after   {sparkline(_medians(each.after), blocks, scale)} {_ends(each.after)}".rstrip()


def _medians(curves: Sequence[Curve]) -> list[float]:
    """The median over the seeds, in as many columns as are shown."""
    length = min((len(curve) for curve in curves if curve), default=0)
    columns = min(length, _COLUMNS)
    cuts = [round(column * length / columns) for column in range(columns + 1)] if columns else []
    found = []
    for start, end in itertools.pairwise(cuts):
        values = [value for curve in curves if curve for value in curve[start:end]]
        found.append(statistics.median(values) if all(map(math.isfinite, values)) else math.nan)
    return found


def _range(each: Series) -> tuple[float, float]:
    values = [value for side in (each.before, each.after) for value in _medians(side) if math.isfinite(value)]
    return (min(values), max(values)) if values else (0.0, 0.0)


def sparkline(values: Sequence[float], blocks: str = _BLOCKS, scale: tuple[float, float] | None = None) -> str:
    """A curve in one line; `!` where it is not finite. Ranges over more than a decade are drawn as logarithms."""
    finite = [value for value in values if math.isfinite(value)]
    low, high = scale or (min(finite, default=0.0), max(finite, default=0.0))
    logarithmic = low > 0 and high / low > 10

    def level(value: float) -> str:
        if not math.isfinite(value):
            return "!"
        if high <= low:
            return blocks[0]
        share = math.log(value / low) / math.log(high / low) if logarithmic else (value - low) / (high - low)
        return blocks[min(int(share * len(blocks)), len(blocks) - 1)]

    return "".join(map(level, values))


def _ends(curves: Sequence[Curve]) -> str:
    values = _medians(curves)
    return f"{values[0]:.3g} -> {values[-1]:.3g}" if values else "no loss"


def _conditions(verdict: Verdict) -> Iterator[tuple[str, str]]:
    if verdict.seeds:
        count = len(verdict.seeds)
        told = f"{count} pair{'s' if count != 1 else ''} of runs, seeds {', '.join(map(str, verdict.seeds))}; "
        told += (f"at most {verdict.steps} steps each; " if verdict.steps else "") + verdict.device
        versions = ", ".join(
            f"{name} {verdict.versions[name]}" for name in ("python", "torch") if name in verdict.versions
        )
        yield "runs", told + (f"; {versions}" if versions else "")
    if verdict.pairing.known and verdict.loss.decision is not Decision.IDENTICAL:
        yield "pairing", verdict.pairing.note
    if verdict.replaced:
        yield "replaced", "; ".join(verdict.replaced)
    if verdict.seeds:
        yield "isolation", "; ".join(verdict.isolation) or "none was active"
    for note in verdict.notes:
        yield "note", note
    if verdict.command:
        yield "repeat", verdict.command
