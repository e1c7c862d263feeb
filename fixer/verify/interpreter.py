"""Which python runs the user's script."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PLACES = ("bin/python", "Scripts/python.exe")


class TrialError(Exception):
    """Nothing could be run at all; the message says why and what to do."""


def find_interpreter(script: Path, wanted: Path | None = None) -> Path:
    """`wanted`, else the nearest `.venv` from the script upward, else VIRTUAL_ENV, else the python that runs this.

    Raises:
        TrialError: `wanted` is no program.
    """
    if wanted is not None:
        if not (wanted.is_file() and os.access(wanted, os.X_OK)):
            raise TrialError(f"{wanted} is not a Python interpreter; give the path of one with --python")
        return wanted.absolute()
    folders = [folder / ".venv" for folder in script.absolute().parents]
    if os.environ.get("VIRTUAL_ENV"):
        folders.append(Path(os.environ["VIRTUAL_ENV"]))
    for folder in folders:
        for place in _PLACES:
            if os.access(folder / place, os.X_OK):
                return folder / place
    return Path(sys.executable)
