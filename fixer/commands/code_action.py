"""`fixer code-action`: the LSP code actions for a range, as JSON, for editors without a plug-in."""

from __future__ import annotations

import json
import re
from pathlib import Path

from fixer.commands.session import Session, UsageError, read_stdin
from fixer.differences import text_edits
from fixer.editor.code_action import Document, code_actions
from fixer.editor.positions import Encoding
from fixer.files.discover import display
from fixer.files.scan import Job, check_bytes, fix_bytes, read
from fixer.reports.text import problem
from fixer.results import Failed, Fixed, Found, Position, TextEdit

_RANGE = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?")
_END_OF_LINE = 1 << 30


def parse_range(text: str) -> tuple[Position, Position]:
    """`L:C-L:C` as places; `L:C` is one place, `L` and `L-L` are whole lines.

    Raises:
        UsageError: it is none of these.
    """
    match = _RANGE.fullmatch(text)
    if not match:
        raise UsageError(f"--range {text!r}: expected LINE:COLUMN-LINE:COLUMN, such as 12:1-14:20, counted from 1")
    line, column, last, end = (int(part) if part else None for part in match.groups())
    assert line is not None
    start = Position(line, column or 1)
    stop = Position(line, column or _END_OF_LINE) if last is None else Position(last, end or _END_OF_LINE)
    if stop < start or line < 1:
        raise UsageError(f"--range {text!r}: lines and columns count from 1, and the end cannot lie before the start")
    return start, stop


def code_action(session: Session, file: str, span: str | None, encoding: Encoding, *, stdin: bool) -> int:
    start, end = parse_range(span) if span is not None else (Position(1, 1), Position(_END_OF_LINE, 1))
    path = Path(file).absolute()
    job = session.job(path, display(path))
    data = read_stdin() if stdin else read(path, job.name)
    result = data if isinstance(data, Failed) else check_bytes(data, job)
    if isinstance(result, Failed):
        session.console.error(problem(result, session.console.err))
        session.console.product(["[]\n"])
        return 2
    actions = []
    if isinstance(result, Found) and isinstance(data, bytes):
        document = Document(path.as_uri(), result.source, encoding=encoding)
        actions = code_actions(document, result.diagnostics, start, end, _all_safe(data, job))
    session.console.product([json.dumps(actions, indent=2) + "\n"])
    return 0


def _all_safe(data: bytes, job: Job) -> tuple[TextEdit, ...]:
    """Fix-all is run on saving, without a look: safe fixes only, whatever the settings say."""
    done = fix_bytes(data, Job(job.path, job.name, job.rules))
    return text_edits(done.result.source, done.result.fixed) if isinstance(done.result, Fixed) else ()
