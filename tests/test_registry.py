"""Where rules come from, and what happens when a package of rules is broken."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from fixer import Finding, Rule, Safety, registry, rule
from fixer.facts.script import Script

RULE = '''
from fixer import Safety, rule

@rule("{name}", needs=("x",), safety=Safety.SAFE)
def check(script):
    """One."""
    yield from ()
'''


@rule("sample", needs=("x",), safety=Safety.SAFE)
def sample(script: Script) -> Iterator[Finding]:  # noqa: ARG001
    """A sample."""
    yield from ()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Entry points of the group, name to value; modules are looked up in the test's folder."""
    offered = {"fixer": "fixer.codemods"}

    def entry_points(group: str) -> EntryPoints:
        return EntryPoints(EntryPoint(name, value, group) for name, value in offered.items())

    monkeypatch.setattr(registry, "entry_points", entry_points)
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    registry.load.cache_clear()
    yield offered
    registry.load.cache_clear()
    for name in set(sys.modules) - before:
        if not name.startswith("fixer"):
            del sys.modules[name]


def test_built_in_rules_live_in_files_of_their_names() -> None:
    loaded = registry.load()
    assert loaded.errors == ()
    assert [rule.name for rule in loaded.rules] == sorted(rule.name for rule in loaded.rules)
    for built_in in loaded.rules:
        source = inspect.getsourcefile(built_in.check)
        assert source and Path(source).stem == built_in.name.replace("-", "_")
        assert registry.rules().count(built_in) == 1


def test_another_package_brings_a_package_of_rules(installed: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "their_rules" / "deep").mkdir(parents=True)
    (tmp_path / "their_rules" / "__init__.py").write_text("")
    (tmp_path / "their_rules" / "deep" / "__init__.py").write_text("")
    (tmp_path / "their_rules" / "deep" / "one.py").write_text(RULE.format(name="their-one"))
    (tmp_path / "their_rules" / "two.py").write_text(
        RULE.format(name="their-two") + "from .deep.one import check as c\n"
    )
    installed["theirs"] = "their_rules"
    assert {"their-one", "their-two"} <= {rule.name for rule in registry.rules()}
    assert registry.load().errors == ()
    (theirs,) = registry.select(registry.rules(), ["deep"])
    assert theirs.name == "their-one"


def test_an_entry_point_may_name_a_rule(installed: dict[str, str]) -> None:
    installed["sample"] = "tests.test_registry:sample"
    assert sample in registry.rules()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        ("from fixer import rule\n@rule('Bad Name', needs=(), safety=None)\ndef a(s):\n    yield", "TypeError"),
    ],
)
def test_a_broken_package_is_named_and_the_others_work(
    installed: dict[str, str], tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "broken_rules").mkdir()
    (tmp_path / "broken_rules" / "__init__.py").write_text("")
    (tmp_path / "broken_rules" / "bad.py").write_text(text)
    (tmp_path / "good_rules.py").write_text(RULE.format(name="good-rule"))
    installed |= {"broken": "broken_rules", "good": "good_rules", "wrong": "fixer:__version__", "no": "no_such_module"}
    loaded = registry.load()
    assert "good-rule" in [rule.name for rule in loaded.rules]
    broken, missing, wrong = loaded.errors
    assert "'broken' (broken_rules)" in broken and message in broken
    assert "'no' (no_such_module)" in missing
    assert "'wrong'" in wrong


def test_two_rules_of_one_name_are_both_placed(installed: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "first_rules.py").write_text(RULE.format(name="same-name"))
    (tmp_path / "second_rules.py").write_text(RULE.format(name="same-name"))
    installed |= {"first": "first_rules", "second": "second_rules"}
    with pytest.raises(ValueError, match=r"'same-name'.*first_rules\.py:4.*second_rules\.py:4"):
        registry.rules()


def declared(name: str, group: str) -> Rule:
    """A rule as if it stood in the folder `group`."""

    def check(script: Script) -> Iterator[Finding]:  # noqa: ARG001
        """One."""
        yield from ()

    check.__module__ = f"fixer.codemods.{group}.{name}"
    return rule(name, needs=("x",), safety=Safety.SAFE)(check)


RULES = (declared("missing-step", "loop"), declared("late-step", "loop"), declared("bad-slice", "data"))


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], ["missing-step", "late-step", "bad-slice"]),
        (["all"], ["loop"], ["bad-slice"]),
        (["loop"], ["late-step"], ["missing-step"]),
        (["loop/late-step", "bad-slice"], [], ["late-step", "bad-slice"]),
        (["loop"], ["loop"], []),
    ],
)
def test_select_and_ignore(select: list[str], ignore: list[str], expected: list[str]) -> None:
    assert [rule.name for rule in registry.select(RULES, select, ignore)] == expected


def test_unknown_names_come_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="'missing-setp'; did you mean missing-step"):
        registry.select(RULES, ["missing-setp"])
    with pytest.raises(ValueError, match="'qqqq'; `fixer rules` lists them"):
        registry.select(RULES, [], ["qqqq"])


def test_rules_of_an_installed_package_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "more_rules.py").write_text(RULE.format(name="theirs"))
    info = tmp_path / "more_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: more-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[console_scripts]\nmore = more_rules:main\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert list(registry.entry_points(registry.GROUP)) == []

    (info / "entry_points.txt").write_text("[fixer.rules]\nmore = more_rules\n")
    registry.load.cache_clear()
    try:
        assert "theirs" in {each.name for each in registry.rules()}
    finally:
        registry.load.cache_clear()
        sys.modules.pop("more_rules", None)
