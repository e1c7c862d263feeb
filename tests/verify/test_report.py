"""What a verdict looks like: on a terminal, as JSON, as a page."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from fixer.verify import Expectation, Verdict, VerdictKind
from fixer.verify.prove import Request, prove
from fixer.verify.report import to_json, to_text, write_report
from fixer.verify.terminal import sparkline
from fixer.verify.trace import Symptom, Trace
from fixer.verify.wording import percent
from tests.verify.traces import crash, falling, trace

COMMAND = "fixer verify train.py -- --name '<script>alert(1)</script>'"


def _stale(version: str, seed: int) -> Trace:
    shown = 12 if version == "before" else 0
    found = Symptom("stale-gradients", shown, 12, 2, "cosine 0.1", tuple(0.1 for _ in range(12)))
    losses = tuple((2.5 if version == "after" else 1) * value for value in falling(seed))
    return trace(
        version, seed, losses, symptoms={found.name: found}, isolation=("no network",), replaced=("cuda -> cpu",)
    )


def _verdict(before: object = _stale, after: object = _stale) -> Verdict:
    def run(wanted: Sequence[Request]) -> list[tuple[Request, Trace]]:
        return [(each, (before if each.version == "before" else after)(each.version, each.seed)) for each in wanted]  # type: ignore[operator]

    return replace(prove(run, Expectation()), command=COMMAND, path="train.py")


def test_the_first_line_is_the_verdict_with_its_figures() -> None:
    text = to_text(_verdict(), color=False)
    assert text.startswith("improved: stale gradients are gone (24 of 24 steps before, 0 of 24 after)")


def test_the_terminal_shows_witnesses_curves_conditions_and_the_command() -> None:
    text = to_text(_verdict(), color=False, unicode=True)
    for part in ("outcome", "trains, 100 steps", "stale-gradients", "loss", "cuda -> cpu", "no network", COMMAND):
        assert part in text
    curves = [re.search(r"(before|after) +([▁-█]{40}) [\d.]+ -> [\d.]+$", line) for line in text.splitlines()]
    assert [found[1] for found in curves if found] == ["before", "after"]


def test_lines_fit_the_width_and_there_is_no_escape_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    text = to_text(_verdict(), width=80)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 84
    print(text)
    assert "improved" in capsys.readouterr().out


def test_a_long_crash_is_wrapped() -> None:
    text = to_text(_verdict(lambda v, s: crash(v, s, "word " * 60), lambda v, s: trace(v, s)), color=False, width=80)
    assert max(map(len, text.splitlines())) <= 84


def test_colour_is_only_in_the_first_word() -> None:
    text = to_text(_verdict(), color=True, unicode=True)
    assert re.match(r"\x1b\[[0-9;]*mimproved\x1b\[0m: ", text)
    assert text.count("\x1b") == 2
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == to_text(_verdict(), color=False, unicode=True)


def test_plain_terminals_get_plain_curves() -> None:
    assert to_text(_verdict(), color=False, unicode=False).isascii()


def test_curves_share_a_scale_and_mark_what_is_not_finite() -> None:
    assert sparkline([1.0, 0.0], scale=(0.0, 1.0)) == "█▁"
    assert sparkline([0.5, math.nan, math.inf], scale=(0.0, 1.0)) == "▅!!"
    assert sparkline([100.0, 10.0, 1.0]) == "█▅▁"
    assert sparkline([3.0, 3.0]) == "▁▁"
    assert sparkline([]) == ""


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.9, "10 % lower"),
        (1.024, "2.4 % higher"),
        (1.0001, "unchanged"),
        (3.1, "3.1 times as high"),
        (0.02, "50 times lower"),
        (1e-9, "more than 1000 times lower"),
        (1e9, "more than 1000 times as high"),
    ],
)
def test_changes_are_told_as_people_say_them(ratio: float, words: str) -> None:
    assert percent(math.log(ratio)) == words


def test_json_has_the_documented_keys() -> None:
    told = json.loads(to_json(_verdict()))
    assert {"schema", "verdict", "reason", "outcome", "symptoms", "loss", "series"} <= set(told)
    assert {"command", "seeds", "steps", "device", "isolation", "versions"} <= set(told)
    assert told["verdict"] == "improved"
    assert set(told["outcome"]) == {"before", "after"}
    assert told["symptoms"][0]["name"] == "stale-gradients"
    assert told["symptoms"][0]["gone"] is True
    assert {"summary", "before", "after", "effect", "interval", "pairs", "decision"} <= set(told["loss"])
    assert told["loss"]["effect"] == pytest.approx(math.log(2.5), rel=1e-6)
    assert len(told["series"][0]["before"][0]) == 100


def test_json_is_strict_where_losses_are_not_finite() -> None:
    verdict = _verdict(lambda v, s: trace(v, s), lambda v, s: trace(v, s, (1.0, math.nan, -math.inf), non_finite=True))
    text = to_json(verdict)
    assert '"nan"' in text and '"-inf"' in text
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_a_crash_is_told_with_its_place() -> None:
    verdict = _verdict(crash, lambda v, s: trace(v, s))
    assert verdict.verdict is VerdictKind.CRASH_FIXED
    assert "ValueError: boom (train.py:12 in main)" in to_text(verdict, color=False)
    assert json.loads(to_json(verdict))["outcome"]["before"]["crash"]["line"] == 12


def test_the_page_stands_alone_and_is_escaped(tmp_path: Path) -> None:
    page = write_report(_verdict(), tmp_path / "new" / "report", before="a = '<b>'\n", after="a = '&'\n")
    html = page.read_text()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"""(src|href)=["']?(https?:|//)""", html.replace("xlink:href", "xlink"))
    assert "<svg" in html and "stale-gradients" in html
    assert "-a = &#39;&lt;b&gt;&#39;" in html
    assert (page.parent / "losses.png").read_bytes().startswith(b"\x89PNG")
    assert (page.parent / "losses.svg").read_text().startswith("<svg")
    assert json.loads((page.parent / "report.json").read_text())["verdict"] == "improved"


def test_a_page_without_runs_has_no_picture(tmp_path: Path) -> None:
    page = write_report(Verdict(VerdictKind.EQUIVALENT, "the same text"), tmp_path)
    assert "<svg" not in page.read_text()
    assert not (tmp_path / "losses.png").exists()
