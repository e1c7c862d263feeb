"""Runs the command line in this process, or as its own; and a program for it to find something in."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from fixer.cli import main

BUGGY = """\
import torch
from torch import nn

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
inputs, targets = torch.randn(64, 4), torch.randn(64, 1)

for step in range(100):
    loss = nn.functional.mse_loss(model(inputs), targets)
    loss.backward()
    optimizer.step()
"""
"""Never clears its gradients."""

MENDED = BUGGY.replace("    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()")
CLEAN = MENDED


@dataclass(frozen=True)
class Ran:
    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()


def put(name: str, data: bytes | str = BUGGY) -> Path:
    """A file in the current folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def fixer(*arguments: str | Path, stdin: bytes | str = b"") -> Ran:
    """What `fixer ARGUMENTS` exits with and writes."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"),
        "stdout": io.TextIOWrapper(io.BytesIO(), encoding="utf-8"),
        "stderr": io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace"),
    }
    code = 0
    with mock.patch.multiple(sys, **streams):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        for name in ("stdout", "stderr"):
            streams[name].flush()
    written = {name: stream.buffer.getvalue() for name, stream in streams.items() if name != "stdin"}  # type: ignore[attr-defined]
    return Ran(code, written["stdout"], written["stderr"].decode())


def process(*arguments: str | Path, **options: object) -> subprocess.Popen[bytes]:
    """`fixer ARGUMENTS` as a process of its own, with pipes."""
    command = [sys.executable, "-m", "fixer", *map(str, arguments)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environ = {key: value for key, value in os.environ.items() if key != "FORCE_COLOR"}
    return subprocess.Popen(command, **{**pipes, "env": environ, **options})  # type: ignore[call-overload,no-any-return]
