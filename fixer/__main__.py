"""`fixer` and `python -m fixer`."""

from __future__ import annotations

import gc
import signal
import sys
from types import FrameType

GARBAGE = 2_000_000
"""Objects between two searches for garbage, about 250 MB."""


def run() -> None:
    """The console script."""
    if sys.argv[1:] in (["--version"], ["-V"]):  # editors ask this often: no need to load a command line for it
        from fixer import __version__

        print(f"fixer {__version__}")
        return
    signal.signal(signal.SIGTERM, _end)
    # looking for garbage among the objects of each file takes a quarter of the time: seldom, and many files at once
    gc.set_threshold(GARBAGE)
    try:
        from fixer.cli import main

        main(sys.argv[1:])
    except KeyboardInterrupt:  # before the command has begun, where it sees to that itself
        print("interrupted", file=sys.stderr)
        raise SystemExit(130) from None


def _end(_signal: int, _frame: FrameType | None) -> None:
    # as an exception, so that half-written files and child processes are cleaned up on the way out
    raise SystemExit(143)


if __name__ == "__main__":
    # `python -m` puts the current folder first, where a user's own click.py or verify.py must not be taken for ours
    if not sys.flags.safe_path:
        del sys.path[0]
    run()
