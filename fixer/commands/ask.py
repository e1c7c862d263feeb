"""`fixer fix --interactive`: ask a person about each fix."""

from __future__ import annotations

import sys

from fixer.commands.console import Console
from fixer.files.scan import Done, Job, fix_bytes
from fixer.reports.text import finding
from fixer.results import Diagnostic
from fixer.source import Lines, NotText, decode

_HELP = "y: apply  n: leave  a: apply this and all that follow  q: leave this and all that follow"


class Asker:
    """Asks on the terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rest: bool | None = None

    def fix(self, data: bytes, job: Job) -> Done:
        try:
            lines = Lines(decode(data).text)
        except NotText:
            return fix_bytes(data, job)  # which says what is wrong with it
        return fix_bytes(data, job, lambda diagnostic: self._ask(job.name, lines, diagnostic))

    def _ask(self, name: str, lines: Lines, diagnostic: Diagnostic) -> bool:
        if self._rest is not None:
            return self._rest
        self._console.error("\n" + finding(name, lines, diagnostic, self._console.err))
        while True:
            print("Apply this fix? [y/n/a/q/?] ", end="", file=sys.stderr, flush=True)
            answer = sys.stdin.readline()
            match answer.strip().lower():
                case "y" | "yes":
                    return True
                case "n" | "no":
                    return False
                case "a" | "q" as letter:
                    self._rest = letter == "a"
                    return self._rest
                case _ if not answer:  # the terminal was closed
                    self._rest = False
                    return False
                case _:
                    self._console.error(_HELP)
