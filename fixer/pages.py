"""The page of a rule: what it declares, its docstring, an example with what a run says of it, the measured verdicts.

`docs/rules/` holds these pages and `fixer explain` prints them. What was measured comes from `fixer/evidence/`, which
`make docs` writes from the corpus: a rule from elsewhere has none, and its page ends with its docstring.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from fixer.rule import Rule

_FOLDER = Path(__file__).parent / "evidence"

_SAFETY = {
    "safe": "safe: `fixer fix` applies it",
    "unsafe": "unsafe: `fixer fix --unsafe` applies it, and `fixer fix --verify` where a run confirms it",
    "suggestion": "a suggestion: offered in the editor, never applied by `fixer fix`",
}


@dataclass(frozen=True)
class Measured:
    """What `fixer verify` said of one program of the corpus and its mend."""

    form: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Evidence:
    """What a rule does to one program, and what runs said of all its programs."""

    diff: str
    example: Measured | None
    cases: tuple[Measured, ...]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Evidence:
        raw = json.loads(text)
        example = Measured(**raw["example"]) if raw["example"] else None
        return cls(raw["diff"], example, tuple(Measured(**each) for each in raw["cases"]))


def evidence_file(rule: str) -> Path:
    return _FOLDER / f"{rule}.json"


def evidence(rule: str) -> Evidence | None:
    """What was measured for a rule; None for one that is not of this package."""
    path = evidence_file(rule)
    return Evidence.from_json(path.read_text(encoding="utf-8")) if path.exists() else None


def page(rule: Rule, shown: Evidence | None) -> str:
    """The page in Markdown."""
    facts = [f"Fix: {_SAFETY[rule.safety]}."]
    if rule.symptom:
        facts.append(f"Symptom in a run: `{rule.symptom}`.")
        facts.append(f"Training loss of the mended program in a short run: {rule.loss}.")
    lines = [f"# {rule.name}", "", rule.summary, "", "  \n".join(facts), "", rule.doc.partition("\n")[2].strip()]
    if shown is not None:
        lines += ["", "## Example", "", "```diff", shown.diff.rstrip("\n"), "```"]
        if shown.example is not None:
            lines += ["", f"`fixer verify` says of it: **{shown.example.verdict}**: {shown.example.reason}."]
        lines += ["", *_table(shown.cases)] if shown.cases else []
    lines += ["", f"Leave a line out with `# fixer: ignore[{rule.name}]`, the rule with `--ignore {rule.name}`."]
    return "\n".join(lines) + "\n"


def _table(cases: Sequence[Measured]) -> list[str]:
    rows = [f"| {each.form} | {each.verdict} |" for each in cases]
    return ["## Measured", "", "| program of the corpus | verdict of `fixer verify` |", "|---|---|", *rows]
