"""Write a file so that whoever looks sees the old text or the new one, never something between."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ChangedMeanwhile(OSError):
    """The file is not what it was when it was read: somebody saved it in between."""


def write(path: Path, data: bytes, *, expected: bytes) -> None:
    """Replace the content of `path`, which was `expected`; mode, owner and links stay.

    Raises:
        ChangedMeanwhile: the file holds something else by now. Nothing is written.
        OSError: it cannot be written. The file is as it was.
    """
    path = path.resolve(strict=True)
    if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(13, "is write-protected", str(path))
    if path.read_bytes() != expected:
        raise ChangedMeanwhile(0, "was changed by somebody else in the meantime; run again", str(path))
    if path.stat().st_nlink > 1:
        _write_through(path, data, expected)
    else:
        _replace(path, data)


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _same_owner(path, Path(name))
        shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:  # Ctrl-C too must leave no litter beside the user's file
        Path(name).unlink(missing_ok=True)
        raise


def _same_owner(path: Path, new: Path) -> None:
    owner, mine = path.stat(), new.stat()
    if hasattr(os, "chown") and (owner.st_uid, owner.st_gid) != (mine.st_uid, mine.st_gid):
        try:
            os.chown(new, owner.st_uid, owner.st_gid)
        except OSError:
            return  # only root may give files away


def _write_through(path: Path, data: bytes, before: bytes) -> None:
    """Hard links share one content; a replaced name would part from the others. Overwrite, and undo on failure."""
    with _uninterrupted(), path.open("r+b") as file:
        try:
            _overwrite(file.fileno(), data)
        except OSError:
            _overwrite(file.fileno(), before)
            raise


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    remaining = memoryview(data)
    while remaining:
        remaining = remaining[os.write(descriptor, remaining) :]
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back for the moment that the writing takes."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
