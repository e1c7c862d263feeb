"""`fixer` and `python -m fixer`."""

from __future__ import annotations

import gc
import signal
import sys
from types import FrameType


def run() -> None:
    """The console script."""
    if sys.argv[1:] in (["--version"], ["-V"]):  # editors ask this often: no need to load a command line for it
        from fixer import __version__

        print(f"fixer {__version__}")
        return
    signal.signal(signal.SIGTERM, _end)
    # looking for cycles among the nodes of syntax trees takes a quarter of the time and finds next to nothing
    gc.set_threshold(200_000, 20, 20)
    from fixer.cli import main

    main(sys.argv[1:])


def _end(_signal: int, _frame: FrameType | None) -> None:
    # as an exception, so that half-written files and child processes are cleaned up on the way out
    raise SystemExit(143)


if __name__ == "__main__":
    # `python -m` puts the current folder first, where a user's own typer.py or verify.py must not be taken for ours
    if not sys.flags.safe_path:
        del sys.path[0]
    run()
