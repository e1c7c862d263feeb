"""Which python runs the user's script."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OLDEST_PYTHON, OLDEST_TORCH = (3, 9), (2, 1)
"""What the part that runs beside the script needs. It is read by that interpreter, not by ours."""
_PLACES = ("bin/python", "Scripts/python.exe")
_ASK_VERSION = "import sys; sys.stdout.write('Python %d.%d.%d' % tuple(sys.version_info)[:3])"
_PATIENCE = 20.0


class TrialError(Exception):
    """Nothing could be run at all; the message says why and what to do."""


def find_interpreter(script: Path, wanted: Path | None = None) -> Path:
    """`wanted`, else the nearest `.venv` from the script upward, else VIRTUAL_ENV, else the python that runs this.

    `wanted` may also be the folder of a virtual environment, or a name that lies on PATH.

    Raises:
        TrialError: `wanted` is no program.
    """
    if wanted is not None:
        named = shutil.which(wanted) if len(wanted.parts) == 1 and not wanted.exists() else None
        for found in (Path(named) if named else wanted, *(wanted / place for place in _PLACES)):
            if found.is_file() and os.access(found, os.X_OK):
                return found.absolute()
        raise TrialError(f"{wanted} is not a Python interpreter; give the path of one with --python")
    folders = [folder / ".venv" for folder in script.absolute().parents]
    if os.environ.get("VIRTUAL_ENV"):
        folders.append(Path(os.environ["VIRTUAL_ENV"]))
    for folder in folders:
        for place in _PLACES:
            if os.access(folder / place, os.X_OK):
                return folder / place
    return Path(sys.executable)


def unsuited(python: Path, told: Mapping[str, Any], last_error: str) -> str:
    """Why `python` cannot run the programs, and what to do.

    `told` is what it answered: nothing where it is too old to understand the question, so it is asked a simpler one.
    """
    torch = told.get("torch")
    version = f"Python {told['python']}" if told.get("python") else _version(python)
    if version is None:
        return f"{python} runs no Python ({last_error}); give the path of an interpreter with --python"
    if _numbers(version) < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        return f"{python} is {version}, and programs are run with {needed} or newer; name one with --python"
    if torch and _numbers(torch) < OLDEST_TORCH:
        needed = ".".join(map(str, OLDEST_TORCH))
        return (
            f"{python} has torch {torch}, and programs are run with {needed} or newer; "
            "update it, or name an interpreter that has it with --python"
        )
    if told.get("no_torch"):
        return f"{python} ({version}) has no torch; install it, or name your project's interpreter with --python"
    reason = told.get("failed") or last_error
    return f"{python} ({version}) cannot run PyTorch programs ({reason}); name an interpreter that can with --python"


def _version(python: Path) -> str | None:
    """What it says of itself, in words that every Python understands; None where it is none."""
    try:
        answer = subprocess.run(
            [python, "-c", _ASK_VERSION], capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return answer.stdout if re.fullmatch(r"Python \d+\.\d+\.\d+", answer.stdout) else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])
