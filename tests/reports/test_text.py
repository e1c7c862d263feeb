from fixer.reports.style import Style
from fixer.reports.text import Tally, concise, full, problem
from fixer.results import Clean, Failed, Fixed, Found, Skipped
from tests.reports.samples import CALL, LOOP, RESULTS, SOURCE, STEP, diagnostic, fix

PLAIN = Style()


def test_concise_is_one_line_a_finding() -> None:
    found = [Found("a.py", SOURCE, (CALL, STEP))]
    assert "".join(concise(found, PLAIN)) == (
        "a.py:1:14: some-rule Something is wrong.\na.py:3:2: some-rule Something is wrong.\n"
    )


def test_full_shows_the_line_the_mark_and_the_cures() -> None:
    shown = "".join(full(RESULTS, PLAIN)).split("\n\n")
    assert shown[0] == (
        "sub dir/a.py:1:14: some-rule: Something is wrong.\n"
        "  |\n"
        '1 | s = "\N{GRINNING FACE}"; y = bad(s)\n'
        "  |               ^^^^^^\n"  # one column further than the code points: the face is two columns wide
        "  = help: do it (`fixer fix` does it)"
    )
    assert shown[2] == (
        "sub dir/a.py:3:2: some-rule: Something is wrong.\n"
        "  |\n"
        "3 |     step(x)\n"
        "  |     ^^^^^^^\n"
        "  = help: drop it (may change what you meant: `fixer fix --unsafe`, or `--verify` to let a run decide)\n"
        "  = help: call the other (one of several ways: pick it in the editor)\n"
    )


def test_a_finding_of_several_lines_marks_the_first() -> None:
    shown = "".join(full([Found("a.py", SOURCE, (LOOP,))], PLAIN))
    assert "2 | for x in s:\n  | ^^^^^^^^^^^\n" in shown


def test_a_very_long_line_is_cut_around_the_finding() -> None:
    source = "x = [" + "1, " * 5000 + "bad, " + "2, " * 5000 + "]"
    column = source.index("bad") + 1
    shown = "".join(full([Found("a.py", source, (diagnostic((1, column), (1, column + 3)),))], PLAIN))
    rows = shown.splitlines()
    assert max(map(len, rows)) < 200
    mark = rows[3].index("^")
    assert rows[2][mark : mark + 3] == "bad"
    assert rows[3].count("^") == 3


def test_control_characters_of_a_file_do_not_reach_the_terminal() -> None:
    source = "x = 1  # \x1b[2J\x07"
    shown = "".join(full([Found("a\x1b[31m.py", source, (diagnostic((1, 1), (1, 2)),))], PLAIN))
    assert "\x1b" not in shown and "\x07" not in shown


def test_problem_names_the_place() -> None:
    assert problem(Failed("a.py", "is not text", 3, 2), PLAIN) == "error: a.py:3:2: is not text"
    assert problem(Failed("a.py", "cannot be read"), PLAIN) == "error: a.py: cannot be read"
    assert problem(Skipped("a.py", "too big"), PLAIN) == "skipped: a.py: too big"


def tally(*results: Clean | Found | Fixed | Failed | Skipped) -> Tally:
    found = Tally()
    for result in results:
        found.add(result)
    return found


def test_summaries_and_exit_codes() -> None:
    unsafe = diagnostic((1, 1), (1, 2), mend=fix(1, 1, 2, "", safety="unsafe"))
    clean = tally(Clean("a.py"), Clean("b.py"))
    assert (clean.of_check(), clean.exit_code) == ("no findings in 2 files", 0)
    found = tally(Clean("a.py"), Found("b.py", SOURCE, (CALL, LOOP, unsafe)))
    assert found.exit_code == 1
    assert (
        found.of_check()
        == "3 findings in 1 file, 1 fixable with `fixer fix`, 1 with `fixer fix --unsafe` or `--verify`"
    )
    failed = tally(Found("b.py", SOURCE, (CALL,)), Failed("c.py", "is not text"))
    assert failed.exit_code == 2
    assert failed.of_check().endswith("; 1 file could not be done")
    assert tally(Failed("c.py", "does not exist")).of_check() == "1 file could not be done"
    fixed = tally(Fixed("b.py", SOURCE, SOURCE, (CALL, CALL), (LOOP, unsafe)))
    assert fixed.of_fix(applied=True) == (
        "fixed 2 findings in 1 file (1 more with --unsafe or --verify, 1 finding to mend by hand, see `fixer check`)"
    )
    assert tally(Clean("a.py")).of_fix(applied=False) == "nothing to fix"


def test_color_only_adds_to_the_text() -> None:
    import re

    colored = "".join(full(RESULTS, Style(color=True)))
    assert "\x1b[31m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == "".join(full(RESULTS, PLAIN))
