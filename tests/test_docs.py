"""What is generated is up to date, and what the README claims of files is there."""

import importlib.util
import json
from pathlib import Path

from fixer import registry
from tests import corpus

ROOT = Path(__file__).resolve().parent.parent


def test_generated_pages_are_those_of_the_rules() -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec and spec.loader
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    stale = [path.name for path, text in generate.pages().items() if not path.exists() or path.read_text() != text]
    assert not stale, "run `make docs`"


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    names = {rule.name for rule in registry.rules()}
    assert {page.stem for page in (ROOT / "docs" / "rules").glob("*.md")} == names


def test_every_rule_has_a_corpus_and_lies_in_a_file_of_its_name() -> None:
    for rule in registry.rules():
        assert (ROOT / "corpus" / rule.name).is_dir()
        assert Path(rule.check.__code__.co_filename).stem == rule.name.replace("-", "_")


def test_every_rule_is_explained_under_the_same_headings() -> None:
    wanted = ["What it does", "Why is this bad?", "What is left alone", "Fix", "References"]
    for rule in registry.rules():
        assert [line[3:] for line in rule.doc.splitlines() if line.startswith("## ")] == wanted, rule.name


def test_every_case_of_the_corpus_has_been_measured_and_came_out_as_declared() -> None:
    for rule in registry.rules():
        measured = json.loads((ROOT / "corpus" / rule.name / "verdicts.json").read_text())
        declared = {case.name: case.verdict for case in corpus.cases() if case.rule == rule.name}
        assert {name: said["verdict"] for name, said in measured.items()} == declared, (
            f"run `python bench/corpus_verdicts.py {rule.name} --save` and `make docs`"
        )
