"""Writes docs/rules/ and the README's rule table from the rules themselves. `make docs` runs it, a test compares."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

from fixer import Rule, registry
from fixer.pages import Evidence, Measured, evidence_file, page
from fixer.reports.diff import unified
from fixer.verify.report import SCHEMA, to_dict
from fixer.verify.symptoms import MEANINGS

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
_TABLE = re.compile(r"(<!-- rules -->\n).*?(<!-- /rules -->)", re.DOTALL)
_MARKER = re.compile(r" *# bug: [\w-]+")


def pages() -> dict[Path, str]:
    """Every generated file with its text."""
    rules = registry.rules()
    readme = ROOT / "README.md"
    table = "\n".join(["| rule | what is wrong | fix |", "|---|---|---|", *map(_row, rules)])
    found = {readme: _TABLE.sub(lambda match: f"{match[1]}{table}\n{match[2]}", readme.read_text())}
    found[ROOT / "docs" / "proof.md"] = _proof()
    for rule in rules:
        measured = _evidence(rule.name)
        found[evidence_file(rule.name)] = measured.to_json()
        found[ROOT / "docs" / "rules" / f"{rule.name}.md"] = page(rule, measured)
    return found


def _proof() -> str:
    """What `fixer verify` watches, and what its JSON holds."""
    rows = [f"| `{name}` | {meaning.title} | {meaning.proves} | {meaning.loss} |" for name, meaning in MEANINGS.items()]
    fields = (inspect.getdoc(to_dict) or "").partition("\n\n")[2]
    parts = [
        "# What `fixer verify` tells",
        "## Symptoms",
        "Facts recorded while a program runs, each of which proves one defect. The last column says what the training"
        " loss of the right program does in a short run: `either` marks those where the wrong one often looks better.",
        "\n".join(["| symptom | in a sentence | what it proves | loss |", "|---|---|---|---|", *rows]),
        f"## `--format json`\n\nSchema {SCHEMA}.",
        fields,
    ]
    return "\n\n".join(parts) + "\n"


def _row(rule: Rule) -> str:
    return f"| [{rule.name}](docs/rules/{rule.name}.md) | {rule.summary} | {rule.safety} |"


def _evidence(name: str) -> Evidence:
    """The shortest program of the corpus as a diff, and the verdicts that `bench/corpus_verdicts.py --save` wrote."""
    folder = CORPUS / name
    cases = [each.parent for each in folder.glob("*/after.py")]
    case = min(cases, key=lambda each: (len((each / "before.py").read_text()), each.name))
    before = _MARKER.sub("", (case / "before.py").read_text())
    diff = unified(before.encode(), (case / "after.py").read_bytes(), "train.py").decode()
    saved = folder / "verdicts.json"
    verdicts = (
        {each: Measured(**said) for each, said in json.loads(saved.read_text()).items()} if saved.exists() else {}
    )
    return Evidence(diff, verdicts.get(case.name), tuple(verdicts.values()))


if __name__ == "__main__":
    (ROOT / "docs" / "rules").mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text)
