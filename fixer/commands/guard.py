"""What may go wrong in any command, as one line for people and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from fixer import __version__
from fixer.commands.session import UsageError
from fixer.files.config import ConfigError

INTERRUPTED = 130
NOBODY_READS = 141


def guarded(work: Callable[[], int]) -> int:
    """The exit code of `work`, whatever happens in it."""
    try:
        return work()
    except (UsageError, ConfigError) as error:
        _say(f"error: {error}")
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # `| head` has seen enough; what Python would still flush on its way out goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except OSError as error:
        _say(f"error: {error}")
    except Exception:
        import platform
        import traceback

        traceback.print_exc()
        versions = f"fixer {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
        _say(f"error: this is a bug in fixer ({versions}); please report it with the lines above")
    return 2


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
