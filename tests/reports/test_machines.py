"""The formats that programs read."""

import json
import xml.etree.ElementTree as ElementTree
from typing import Any, get_args

import pytest

from fixer.reports import Format, printer
from fixer.reports.style import Style
from fixer.results import Clean, Failed, Found, Result
from tests.reports.samples import CALL, RESULTS, diagnostic

FINDINGS: list[Result] = [*RESULTS[:1], Clean("clean.py")]


def shown(form: Format, results: list[Result]) -> str:
    return "".join(printer(form)(results, Style()))


def parsed(form: Format, results: list[Result]) -> Any:
    return json.loads(shown(form, results))


@pytest.mark.parametrize("form", get_args(Format))
def test_nothing_found_is_well_formed(form: Format) -> None:
    text = shown(form, [Clean("a.py")])
    empty = {"json": "[]\n", "gitlab": "[]\n", "full": "", "concise": "", "json-lines": "", "github": ""}
    if form in empty:
        assert text == empty[form]
    elif form == "junit":
        assert len(ElementTree.fromstring(text)) == 0
    else:
        assert json.loads(text)


def test_json_has_ruffs_keys(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first, _, step = parsed("json", FINDINGS)
    assert first == {
        "filename": f"{tmp_path}/sub dir/a.py",
        "code": "some-rule",
        "name": "some-rule",
        "message": "Something is wrong.",
        "severity": "error",
        "url": None,
        "location": {"row": 1, "column": 14},
        "end_location": {"row": 1, "column": 20},
        "cell": None,
        "fix": {
            "applicability": "safe",
            "message": "do it",
            "edits": [
                {"content": "good", "location": {"row": 1, "column": 14}, "end_location": {"row": 1, "column": 17}}
            ],
        },
        "fixer": {"symptom": "stale-gradients", "alternatives": []},
    }
    assert step["fix"]["applicability"] == "unsafe"
    assert [other["applicability"] for other in step["fixer"]["alternatives"]] == ["display"]


def test_json_lines_are_the_same_objects() -> None:
    lines = shown("json-lines", RESULTS).splitlines()
    assert [json.loads(line) for line in lines] == parsed("json", RESULTS)


def test_json_lists_a_file_that_could_not_be_done() -> None:
    (item,) = parsed("json", [Failed("a.py", "is not text", 3)])
    assert (item["code"], item["fix"], item["location"]) == (None, None, {"row": 3, "column": 1})


def test_sarif() -> None:
    (run,) = parsed("sarif", RESULTS)["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    names = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert names == ["other-rule", "some-rule"]
    call, loop, step = run["results"]
    assert [names[result["ruleIndex"]] for result in run["results"]] == [r["ruleId"] for r in run["results"]]
    place = call["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "sub%20dir/a.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 1, "startColumn": 14, "endLine": 1, "endColumn": 20}
    assert "fixes" not in loop
    deletion, insertion = (fix["artifactChanges"][0]["replacements"][0] for fix in step["fixes"])
    assert "insertedContent" not in deletion
    assert insertion["insertedContent"] == {"text": "_all"}
    assert insertion["deletedRegion"] == {"startLine": 3, "startColumn": 6, "endLine": 3, "endColumn": 6}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "'(' was never closed"


def test_rdjson_counts_columns_in_bytes() -> None:
    call, loop, step, broken = parsed("rdjson", RESULTS)["diagnostics"]
    # four bytes of UTF-8 for the one code point before it
    assert call["location"]["range"] == {"start": {"line": 1, "column": 17}, "end": {"line": 1, "column": 23}}
    assert call["suggestions"][0]["range"]["start"] == {"line": 1, "column": 17}
    assert "suggestions" not in loop
    assert [suggestion["text"] for suggestion in step["suggestions"]] == [""]
    assert broken["location"]["range"]["start"] == {"line": 7, "column": 4}


def test_github_escapes_and_drops_columns_of_several_lines() -> None:
    call, loop, _, broken = shown("github", RESULTS).splitlines()
    assert call == (
        "::error title=fixer (some-rule),file=sub dir/a.py,line=1,col=14,endLine=1,endColumn=20"
        "::sub dir/a.py:1:14: some-rule Something is wrong."
    )
    assert "col=" not in loop.split("::")[1]
    assert loop.endswith("100%25: a, b%0Ac")
    assert broken == "::error title=fixer,file=broken.py,line=7::broken.py: '(' was never closed"


def test_gitlab_fingerprints_survive_lines_added_above() -> None:
    twice = (CALL, diagnostic((2, 14), (2, 20)))
    line = "s = 'abcd'; y = bad(s)\n"
    prints = [item["fingerprint"] for item in parsed("gitlab", [Found("a.py", line * 2, twice)])]
    assert len(set(prints)) == 2
    moved = (diagnostic((3, 14), (3, 20)), diagnostic((4, 14), (4, 20)))
    later = parsed("gitlab", [Found("a.py", "\n\n" + line * 2, moved)])
    assert [item["fingerprint"] for item in later] == prints
    assert later[0]["location"] == {"path": "a.py", "lines": {"begin": 3}}


def test_junit_is_xml_whatever_the_message_holds() -> None:
    nasty = diagnostic((1, 1), (1, 2), message='<&"> \x00 \x1b \ud800')
    suites = ElementTree.fromstring(shown("junit", [Found("a<b>.py", "x\n", (nasty,)), *RESULTS]))
    assert [suite.get("name") for suite in suites] == ["a<b>.py", "sub dir/a.py", "broken.py"]
    failure = suites[0][0][0]
    assert failure.get("message", "").startswith('<&"> ')
    assert suites[2].get("errors") == "1"
