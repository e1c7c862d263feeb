"""What `fixer check` finds in real code, held against the judgements of people who read it."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

JUDGEMENTS = Path(__file__).with_name("judgements.toml")


@dataclass(frozen=True)
class Finding:
    path: Path
    line: int
    rule: str
    message: str

    @property
    def code(self) -> str:
        """The text of its line, by which it is known again when lines above it come or go."""
        return lines_of(self.path)[self.line - 1].strip()


@dataclass(frozen=True)
class Judgement:
    """What a person who read the code says of one finding."""

    repository: str
    commit: str
    file: str
    line: int
    code: str
    rule: str
    right: bool
    why: str

    def concerns(self, finding: Finding) -> bool:
        """Same rule, same file of a checkout with the repository's name, same text of the line."""
        name = self.repository.rpartition("/")[2]
        place = f"/{name}/{self.file}"
        return (
            self.rule == finding.rule and finding.path.as_posix().endswith(place) and self.code.strip() == finding.code
        )


def judgements(path: Path = JUDGEMENTS) -> list[Judgement]:
    return [Judgement(**each) for each in tomllib.loads(path.read_text(encoding="utf-8")).get("judgement", [])]


def check(trees: Iterable[Path]) -> list[Finding]:
    """All findings of all rules, nothing taken from the cache."""
    command = [sys.executable, "-m", "fixer", "check", "--no-cache", "--format", "json", *map(str, trees)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found = json.loads(run.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"fixer check gave no JSON (exit {run.returncode}):\n{run.stderr}") from None
    # files that do not parse have no code
    return [
        Finding(Path(each["filename"]).resolve(), int(each["location"]["row"]), each["code"], each["message"])
        for each in found
        if each["code"]
    ]


def report(trees: list[Path], context: int) -> int:
    """Print every finding with the lines around it, then the table. 1 where one is false or waits for its reader."""
    known = judgements()
    counts: dict[str, Counter[str]] = {}
    for finding in check(trees):
        said = next((each for each in known if each.concerns(finding)), None)
        verdict = "not judged" if said is None else "true" if said.right else "false"
        counts.setdefault(finding.rule, Counter())[verdict] += 1
        print(f"\n== {finding.path}:{finding.line}  {finding.rule}\n   {finding.message}")
        print(f"   judged {verdict}: {said.why}" if said else "   not judged")
        print(excerpt(finding.path, finding.line, context))
    print(f"\n{'rule':28} {'findings':>9} {'true':>6} {'false':>6} {'not judged':>11}")
    for rule, count in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        print(f"{rule:28} {count.total():9} {count['true']:6} {count['false']:6} {count['not judged']:11}")
    return 1 if any(count["false"] or count["not judged"] for count in counts.values()) else 0


def excerpt(path: Path, row: int, context: int) -> str:
    """The lines around a row; half as many below as above."""
    lines = lines_of(path)
    first, last = max(0, row - 1 - context), min(len(lines), row + context // 2)
    return "\n".join(f"{'>' if n == row else ' '} {n:5} {lines[n - 1]}" for n in range(first + 1, last + 1))


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()
