from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.editor.code_action import Document, code_actions
from fixer.editor.positions import Encoding, Positions
from fixer.results import Diagnostic, Position, TextEdit
from tests.reports.samples import CALL, LOOP, SOURCE, STEP

DOCUMENT = Document("file:///a.py", SOURCE)
ALL = (CALL, LOOP, STEP)


def actions(start: tuple[int, int], end: tuple[int, int], **options: Any) -> list[dict[str, Any]]:
    return code_actions(DOCUMENT, ALL, Position(*start), Position(*end), **options)


def titles(start: tuple[int, int], end: tuple[int, int]) -> list[str]:
    return [action["title"] for action in actions(start, end)]


def test_a_quick_fix_names_what_it_resolves() -> None:
    (action,) = actions((1, 16), (1, 16))
    shown = {"start": {"line": 0, "character": 14}, "end": {"line": 0, "character": 20}}
    assert action == {
        "title": "fixer (some-rule): do it",
        "kind": "quickfix",
        "diagnostics": [
            {
                "range": shown,
                "severity": 2,
                "code": "some-rule",
                "source": "fixer",
                "message": "Something is wrong.",
            }
        ],
        "isPreferred": True,
        "edit": {
            "documentChanges": [
                {
                    "textDocument": {"uri": "file:///a.py", "version": None},
                    "edits": [{"range": {**shown, "end": {"line": 0, "character": 17}}, "newText": "good"}],
                }
            ]
        },
    }


def test_the_range_decides() -> None:
    assert titles((1, 1), (1, 13)) == []
    assert titles((1, 1), (1, 14)) == ["fixer (some-rule): do it"]
    assert titles((1, 20), (1, 20)) == ["fixer (some-rule): do it"]
    assert len(titles((1, 1), (9, 1))) == 3


def test_unsafe_fixes_and_alternatives_are_offered_but_not_preferred() -> None:
    offered = [(action["title"], action["isPreferred"]) for action in actions((3, 2), (3, 2))]
    assert offered == [("fixer (some-rule): drop it", False), ("fixer (some-rule): call the other", False)]


def test_fix_all_has_its_own_kind_and_no_range() -> None:
    edits = (TextEdit(Position(3, 2), Position(3, 9), "pass"),)
    (action,) = actions((1, 1), (1, 1), fix_all=edits)
    assert action["kind"] == "source.fixAll.fixer"
    (change,) = action["edit"]["documentChanges"]
    assert change["edits"] == [
        {"range": {"start": {"line": 2, "character": 1}, "end": {"line": 2, "character": 8}}, "newText": "pass"}
    ]


@pytest.mark.parametrize(("encoding", "character"), [("utf-16", 14), ("utf-8", 16), ("utf-32", 13)])
def test_columns_count_in_the_units_of_the_editor(encoding: Encoding, character: int) -> None:
    document = Document("file:///a.py", SOURCE, version=7, encoding=encoding)
    found: tuple[Diagnostic, ...] = (CALL,)
    (action,) = code_actions(document, found, Position(1, 14), Position(1, 14))
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"]["version"] == 7
    assert change["edits"][0]["range"]["start"]["character"] == character


@given(st.text(alphabet="a\u00e9\u4e2d\U0001f600\x0c\u2028", max_size=8), st.data())
def test_utf_16_columns_point_at_the_same_character(line: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(line)))
    place = Positions(f"first\r\n{line}\rlast").position(Position(2, column + 1))
    assert place["line"] == 1
    assert line.encode("utf-16-le")[: 2 * place["character"]].decode("utf-16-le") == line[:column]
