"""Results for the printers' tests."""

from fixer.results import Diagnostic, Failed, Found, Position, ProposedFix, Result, TextEdit


def fix(line: int, column: int, end: int, content: str, *, safety: str = "safe", title: str = "do it") -> ProposedFix:
    return ProposedFix(title, safety, (TextEdit(Position(line, column), Position(line, end), content),))


def diagnostic(
    start: tuple[int, int],
    end: tuple[int, int],
    *,
    rule: str = "some-rule",
    message: str = "Something is wrong.",
    mend: ProposedFix | None = None,
    alternatives: tuple[ProposedFix, ...] = (),
) -> Diagnostic:
    return Diagnostic(rule, message, Position(*start), Position(*end), "stale-gradients", mend, alternatives)


SOURCE = 's = "\N{GRINNING FACE}"; y = bad(s)\nfor x in s:\n\tstep(x)\n'
"""An astral character before the first finding, a tab before the last, and a finding of several lines."""

CALL = diagnostic((1, 14), (1, 20), mend=fix(1, 14, 17, "good"))
LOOP = diagnostic((2, 1), (3, 9), rule="other-rule", message="100%: a, b\nc")
STEP = diagnostic(
    (3, 2),
    (3, 9),
    mend=fix(3, 2, 9, "", safety="unsafe", title="drop it"),
    alternatives=(fix(3, 6, 6, "_all", safety="suggestion", title="call the other"),),
)

RESULTS: list[Result] = [
    Found("sub dir/a.py", SOURCE, (CALL, LOOP, STEP)),
    Failed("broken.py", "'(' was never closed", 7, 4),
]
