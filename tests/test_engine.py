"""Results of texts: rounds, conflicts, failures, places."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from fixer import Finding, Fix, Rule, Safety, check_source, fix_source, insert_before, remove, replace, rule, wrap
from fixer.differences import apply_text_edits
from fixer.engine import unused_suppressions
from fixer.examine import LARGEST
from fixer.facts.script import Script
from fixer.results import Clean, Failed, Fixed, Found, Position, Skipped
from fixer.source import decode, encode


def renaming(old: str, new: str, safety: Safety = Safety.SAFE, name: str = "") -> Rule:
    """A rule that finds a name and puts another in its place."""

    @rule(name or f"{old}-to-{new}", needs=(old,), safety=safety, symptom="crash")
    def check(script: Script) -> Iterator[Finding]:
        """A name is out of date."""
        for node in ast.walk(script.tree):
            if isinstance(node, ast.Name) and node.id == old:
                yield Finding(node, f"{old} is out of date", Fix(f"Use {new}", (replace(node, new),)))

    return check


OLD = renaming("old", "new")


def names(result: Any) -> list[str]:
    return [diagnostic.rule for diagnostic in result.diagnostics]


def test_a_finding_has_place_symptom_and_a_minimal_fix() -> None:
    result = check_source("x = 'é'; y = old(\n  1)\n", path="a.py", rules=[OLD])
    assert isinstance(result, Found)
    (found,) = result.diagnostics
    assert (found.rule, found.symptom) == ("old-to-new", "crash")
    assert (found.start, found.end) == (Position(1, 14), Position(1, 17))
    assert found.fix is not None and found.fix.safety == "safe"
    ((edit),) = found.fix.edits
    assert (edit.start, edit.end, edit.content) == (Position(1, 14), Position(1, 17), "new")


def test_a_finding_on_a_block_covers_its_header() -> None:
    @rule("any-loop", needs=("for",), safety=Safety.SAFE)
    def loops(script: Script) -> Iterator[Finding]:
        """Loops."""
        yield from (Finding(node, "a loop") for node in ast.walk(script.tree) if isinstance(node, ast.For))

    result = check_source("if a:\n    for x in y:  # each\n        f(x)\n", rules=[loops])
    assert isinstance(result, Found)
    assert (result.diagnostics[0].start, result.diagnostics[0].end) == (Position(2, 5), Position(2, 16))
    assert result.diagnostics[0].fix is None


def test_in_a_scan_files_that_concern_no_rule_are_not_parsed() -> None:
    assert check_source("def (", rules=[OLD], always_parse=False) == Clean("<string>")
    assert check_source(b"\xff\xfe", rules=[OLD], always_parse=False) == Clean("<string>")
    assert fix_source("def (", rules=[OLD], always_parse=False) == Clean("<string>")


def test_a_text_that_is_asked_for_is_parsed_even_if_no_rule_concerns_it() -> None:
    assert isinstance(check_source("def (", rules=[OLD]), Failed)
    assert isinstance(check_source(b"\xff\xfe", rules=[OLD]), Failed)
    assert isinstance(fix_source("def (", rules=[OLD]), Failed)


def test_without_edits_a_fix_is_only_named() -> None:
    whole, sketch = (check_source("old\n", rules=[OLD], edits=edits) for edits in (True, False))
    assert isinstance(whole, Found) and isinstance(sketch, Found)
    (full,), (named,) = whole.diagnostics, sketch.diagnostics
    assert full.fix is not None and named.fix is not None
    assert full.fix.edits and not named.fix.edits
    assert (full.fix.title, full.fix.safety) == (named.fix.title, named.fix.safety)


def test_a_rule_without_a_finding_leaves_the_file_clean() -> None:
    assert check_source("# old\n", rules=[OLD]) == Clean("<string>")
    assert fix_source("# old\n", rules=[OLD]) == Clean("<string>")
    assert check_source("", rules=[OLD]) == Clean("<string>")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("encoding", "bom"), [("utf-8", b"\xef\xbb\xbf"), ("utf-8", b""), ("latin-1", b"")])
def test_bytes_come_back_exactly(newline: str, encoding: str, bom: bytes) -> None:
    text = "# coding: " + encoding + "\n\tx = 'é'\f  \n".replace("\tx", "x") + "if x:\n\told()"
    data = bom + text.replace("\n", newline).encode(encoding)
    result = fix_source(data, rules=[OLD])
    assert isinstance(result, Fixed)
    assert encode(result.fixed, decode(data)) == data.replace(b"old", b"new")
    assert encode(result.source, decode(data)) == data


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("old = (\n", "was never closed", 1, 7),
        ("x = 1\nold = 'a", "unterminated string", 2, 7),
        ("x\nold\0", "null byte", 2, 4),
        ("old" + "(" * 300, "too many nested parentheses", 1, None),
        ("old = " + "-" * 20_000 + "1", "nested too deeply", 1, 1),
        (b"# coding: klingon\nold", "unknown encoding: klingon", 1, None),
        (b"x\nold = '\xff'", "not utf-8 text", 2, None),
        (b"\xef\xbb\xbf# coding: latin-1\nold", "encoding problem", 1, None),
    ],
)
def test_text_that_does_not_parse(source: str | bytes, message: str, line: int, column: int | None) -> None:
    for result in (check_source(source, rules=[OLD]), fix_source(source, rules=[OLD])):
        assert isinstance(result, Failed)
        assert message in result.error
        assert result.line == line
        assert column is None or result.column == column


def test_data_of_that_size_is_skipped_only_when_it_would_be_read() -> None:
    literals = "data = [" + "1, " * (LARGEST // 3) + "]\n"
    assert isinstance(check_source(literals, rules=[OLD]), Clean)
    skipped = check_source(literals + "old\n", rules=[OLD])
    assert isinstance(skipped, Skipped) and "2 MB" in skipped.reason


def test_a_rule_that_raises_is_named_and_placed() -> None:
    @rule("broken", needs=("x",), safety=Safety.SAFE)
    def broken(script: Script) -> Iterator[Finding]:
        """Broken."""
        yield Finding(script.tree.body[99], "never")

    result = check_source("x = old", path="a.py", rules=[broken, OLD])
    assert isinstance(result, Failed)
    assert "rule broken failed: IndexError" in result.error and "test_engine.py" in result.error


def test_only_safe_fixes_unless_asked() -> None:
    risky = renaming("old", "new", Safety.UNSAFE)
    text = "old()\n"
    assert isinstance(fix_source(text, rules=[risky]), Found)
    fixed = fix_source(text, rules=[risky], unsafe=True)
    assert isinstance(fixed, Fixed) and fixed.fixed == "new()\n"
    suggested = renaming("old", "new", Safety.SUGGESTION)
    assert isinstance(fix_source(text, rules=[suggested], unsafe=True), Found)


def test_a_fix_overrides_the_safety_of_its_rule() -> None:
    @rule("mixed", needs=("old",), safety=Safety.SAFE)
    def mixed(script: Script) -> Iterator[Finding]:
        """Mixed."""
        for node in script.tree.body:
            if isinstance(node, ast.Expr) and ast.unparse(node) == "old()":
                yield Finding(node, "old", Fix("Drop it", (remove(node),), Safety.UNSAFE))

    assert isinstance(fix_source("old()\n", rules=[mixed]), Found)
    assert isinstance(fix_source("old()\n", rules=[mixed], unsafe=True), Fixed)


def test_fixes_that_depend_on_each_other_take_rounds() -> None:
    chain = [renaming("one", "two"), renaming("two", "three"), renaming("three", "four")]
    result = fix_source("x = 1\n\nprint(one)\n", rules=chain)
    assert isinstance(result, Fixed)
    assert result.fixed == "x = 1\n\nprint(four)\n"
    assert [d.rule for d in result.applied] == ["one-to-two", "two-to-three", "three-to-four"]
    assert {d.start for d in result.applied} == {Position(3, 7)}
    assert result.remaining == ()


def test_places_of_later_rounds_refer_to_the_source() -> None:
    @rule("add-lines", needs=("old",), safety=Safety.SAFE)
    def add_lines(script: Script) -> Iterator[Finding]:
        """Two lines before the first call."""
        first = script.tree.body[0]
        if ast.unparse(first) != "a()":
            yield Finding(first, "lines are missing", Fix("Add", (insert_before(first, "a()\nlate()"),)))

    result = fix_source("b()\nc(old)\nlate()\n", rules=[add_lines, renaming("late", "soon")])
    assert isinstance(result, Fixed)
    assert result.fixed == "a()\nsoon()\nb()\nc(old)\nsoon()\n"
    assert [(d.rule, d.start.line) for d in result.applied] == [
        ("add-lines", 1),
        ("late-to-soon", 3),
        ("late-to-soon", 1),
    ]


def test_the_second_of_two_fixes_that_exclude_each_other_waits() -> None:
    rules = [renaming("old", "new", name="first"), renaming("old", "other", name="second")]
    result = fix_source("old\n", rules=rules)
    assert isinstance(result, Fixed)
    assert result.fixed == "new\n"
    assert [d.rule for d in result.applied] == ["first"]


def test_a_cycle_ends_with_the_names_of_the_rules() -> None:
    result = fix_source("old\n", rules=[OLD, renaming("new", "old")])
    assert isinstance(result, Failed)
    assert "new-to-old" in result.error and "nothing is changed" in result.error


def test_fixes_without_end_are_given_up() -> None:
    @rule("growing", needs=("old",), safety=Safety.SAFE)
    def growing(script: Script) -> Iterator[Finding]:
        """Always one more."""
        node = script.tree.body[0]
        assert isinstance(node, ast.Expr)
        yield Finding(node, "too small", Fix("Grow", (wrap(node.value, "f({})"),)))

    result = fix_source("old\n", rules=[growing])
    assert isinstance(result, Failed) and "growing" in result.error and "10 rounds" in result.error


def test_a_fix_that_leaves_no_program_is_refused() -> None:
    @rule("spoiling", needs=("old",), safety=Safety.SAFE)
    def spoiling(script: Script) -> Iterator[Finding]:
        """Assigns to a call."""
        statement = script.tree.body[0]
        assert isinstance(statement, ast.Assign)
        yield Finding(statement, "bad", Fix("Spoil", (wrap(statement.targets[0], "f({})"),)))

    result = fix_source("old = 1\n", rules=[spoiling])
    assert isinstance(result, Failed)
    assert "spoiling" in result.error and "cannot assign to function call" in result.error


def test_accept_is_asked_once_for_each_fix() -> None:
    asked = []

    def accept(diagnostic: Any) -> bool:
        asked.append(diagnostic.start)
        return diagnostic.start.column != 1

    result = fix_source("old; old; one\n", rules=[OLD, renaming("one", "two")], accept=accept)
    assert isinstance(result, Fixed)
    assert result.fixed == "old; new; two\n"
    assert sorted(asked) == [Position(1, 1), Position(1, 6), Position(1, 11)]
    assert [d.start for d in result.remaining] == [Position(1, 1)]
    assert isinstance(fix_source("old", rules=[OLD], accept=lambda _: False), Found)


def test_each_fix_alone_is_what_its_text_edits_make() -> None:
    text = "if a: old(old)\r\n"
    result = check_source(text, rules=[OLD])
    assert isinstance(result, Found)
    fixed = [apply_text_edits(text, d.fix.edits) for d in result.diagnostics if d.fix]
    assert fixed == ["if a: new(old)\r\n", "if a: old(new)\r\n"]


def test_a_comment_silences_a_finding_and_its_fix() -> None:
    text = "old  # fixer: ignore[old-to-new]\nold\n"
    checked = check_source(text, rules=[OLD])
    assert isinstance(checked, Found) and [d.start.line for d in checked.diagnostics] == [2]
    fixed = fix_source(text, rules=[OLD])
    assert isinstance(fixed, Fixed) and fixed.fixed == text[:-4] + "new\n"


def test_unused_comments_are_reported() -> None:
    text = "x = 1  # fixer: ignore[old-to-new]\n"
    result = check_source(text, rules=[OLD])
    assert isinstance(result, Found)
    assert [(d.rule, d.start, d.fix) for d in result.diagnostics] == [("unused-suppression", Position(1, 8), None)]
    assert unused_suppressions(text, [], [OLD]) == result.diagnostics
    kept = check_source("old\n", rules=[OLD])
    assert isinstance(kept, Found)
    assert unused_suppressions("old  # fixer: ignore\n", kept.diagnostics, [OLD]) == ()


def test_a_file_that_libcst_cannot_hold_is_checked_and_not_fixed() -> None:
    text = "x = " + " + ".join(["a"] * 900) + "\nold\n"
    checked = check_source(text, rules=[OLD])
    assert isinstance(checked, Found) and checked.diagnostics[0].fix is None
    fixed = fix_source(text, rules=[OLD])
    assert isinstance(fixed, Failed) and "nested too deeply" in fixed.error


def test_checking_a_clean_file_loads_no_libcst() -> None:
    code = (
        "import sys, fixer; from fixer import check_source, rule, Safety\n"
        "assert 'fixer.engine' in sys.modules\n"
        "@rule('a', needs=('x',), safety=Safety.SAFE)\n"
        "def a(script):\n    'A.'\n    yield from ()\n"
        "print(check_source('x = 1', rules=[a]))\n"
        "assert not {'libcst', 'torch', 'numpy'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "Clean(path='<string>')\n", done.stderr
