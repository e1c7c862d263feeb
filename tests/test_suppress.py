"""Which findings `# fixer:` comments silence, and which comments silence nothing."""

from __future__ import annotations

import pytest

from fixer.results import Diagnostic, Position
from fixer.suppress import keep, suppressions, unused


def at(line: int, rule: str = "a-rule", last: int | None = None) -> Diagnostic:
    return Diagnostic(rule, "message", Position(line, 1), Position(last or line, 5), None, None)


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("x  # fixer: ignore[a-rule]\ny\n", [1]),
        ("x  # fixer:ignore[other, a-rule] because\ny\n", [1]),
        ("x  # type: ignore # fixer: ignore[a-rule]\ny\n", [1]),
        ("x  # fixer: ignore\ny\n", [1]),
        ("x  # fixer: ignore[other]\ny\n", []),
        ("x  # fixer: ignored[a-rule]\ny\n", []),
        ("'# fixer: ignore[a-rule]'\ny\n", []),
        ("x\n# fixer: ignore[a-rule]\n# why\n\ny\nz\n", [5]),
        ("for x in y:  # fixer: ignore[a-rule]\n    z\n", [1]),
        ("if x:\n    # fixer: ignore[a-rule]\n    y\n    z\n", [3]),
        ("x = f(\n  1,\n)  # fixer: ignore[a-rule]\ny\n", [1, 2, 3]),
        ("x = f(\n  # fixer: ignore[a-rule]\n  1)\ny\n", [1, 2, 3]),
        ("x\r# fixer: ignore[a-rule]\ry\r", [3]),
        ("x\ny\n# fixer: ignore-file[a-rule]\n", [1, 2, 3]),
        ("# fixer: ignore-file\nx\n", [1, 2]),
        ("# fixer: ignore-file[other]\nx\n", []),
    ],
)
def test_lines_that_a_comment_silences(text: str, silent: list[int]) -> None:
    lines = range(1, len(text.splitlines()) + 1)
    comments = suppressions(text)
    assert [line for line in lines if not keep([at(line)], comments)] == silent


def test_a_comment_within_a_finding_of_several_lines_silences_it() -> None:
    assert keep([at(1, last=3)], suppressions("x = f(\n  g(1),  # fixer: ignore[a-rule]\n)\n")) == []


def test_comments_are_unused_name_by_name() -> None:
    comments = suppressions("x  # fixer: ignore[a-rule, b-rule, c-rule]\ny  # fixer: ignore\n")
    assert keep([at(1)], comments) == []
    active, known = ["a-rule", "b-rule"], ["a-rule", "b-rule", "d-rule"]
    assert [d.message for d in unused(comments, active, known)] == [
        "b-rule has nothing to ignore here",
        "there is no rule called c-rule",
    ]
    # a comment without names may be for a rule that has not run
    assert [d.start.line for d in unused(comments, known, known)] == [1, 1, 2]


def test_what_does_not_tokenize_has_no_comments() -> None:
    assert suppressions("x = (  # fixer: ignore[a-rule]\n") == []
