"""Programs with several defects at once: one `fix` mends them all, in whatever order the rules come."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest

from fixer import Rule, fix_source, registry
from fixer.results import Clean, Fixed, Found

FOLDER = Path(__file__).resolve().parent / "several"
PROGRAMS = sorted(path.parent for path in FOLDER.glob("*/before.py"))
RULES = {rule.name: rule for rule in registry.rules()}

each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def fixed(source: str, rules: list[Rule] | None = None) -> Fixed:
    result = fix_source(source, rules=rules, unsafe=True)
    assert isinstance(result, Fixed), result
    return result


@cache
def alone(source: str, name: str) -> str:
    """What one rule makes of a text, if anything."""
    result = fix_source(source, rules=[RULES[name]], unsafe=True)
    assert isinstance(result, Clean | Found | Fixed), result
    return result.fixed if isinstance(result, Fixed) else source


def speaking(program: Path) -> list[str]:
    return sorted({each.rule for each in fixed(text(program / "before.py")).applied})


@each_program
def test_all_defects_are_mended_at_once_and_nothing_is_left(program: Path) -> None:
    result = fixed(text(program / "before.py"))
    assert result.fixed == text(program / "after.py")
    assert result.remaining == ()
    assert len(speaking(program)) >= 3
    assert fix_source(result.fixed, unsafe=True) == Clean("<string>")


@each_program
def test_the_order_in_which_the_rules_are_given_changes_nothing(program: Path) -> None:
    first = speaking(program)
    others = [rule for name, rule in RULES.items() if name not in first]
    before, after = text(program / "before.py"), text(program / "after.py")
    for order in permutations(first):
        assert fixed(before, [*(RULES[name] for name in order), *others]).fixed == after, order


@each_program
def test_one_rule_after_the_other_comes_to_the_same_text_in_every_order(program: Path) -> None:
    """Harder: each rule mends all it can before the next one looks, round after round."""
    after = text(program / "after.py")
    for order in permutations(speaking(program)):
        now, last = text(program / "before.py"), ""
        while now != last:
            last = now
            for name in order:
                now = alone(now, name)
        assert now == after, order


@pytest.mark.proof
@each_program
def test_the_mended_program_trains(program: Path) -> None:
    command = [sys.executable, "-m", "fixer", "verify", "before.py", "after.py", "--format", "json"]
    run = subprocess.run(command, cwd=program, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["verdict"] in ("crash-fixed", "improved")
