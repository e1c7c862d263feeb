"""One run: make its world, start the script in it, watch it, and take it down."""

from __future__ import annotations

import base64
import contextlib
import gc
import json
import os
import selectors
import signal
import struct
import sys
import time
from typing import Any, Dict, List, NoReturn, Optional

from . import guards, sandbox

TAIL = 8192
GRACE = 2.0


class Cancelled(BaseException):
    """The caller lost interest."""


def _cancel(*_: Any) -> None:
    raise Cancelled


def main(request: Dict[str, Any]) -> NoReturn:
    """In the forked child of the zygote: supervise the run of `request` and leave."""
    code = 1
    try:
        signal.signal(signal.SIGTERM, _cancel)
        os.setsid()
        gc.freeze()
        result = os.open(request["result"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        Supervisor(request, result).run()
        code = 0
    except Cancelled:
        pass
    except BaseException as error:
        sys.stderr.write("fixer: the supervisor of a run failed: {}: {}\n".format(type(error).__name__, error))
        sys.stderr.flush()
    finally:
        os._exit(code)


class Supervisor:
    """Collects what the run says (frames of the probe, output) and ends it at the limits."""

    def __init__(self, request: Dict[str, Any], result: int) -> None:
        self.request = request
        self.result = result
        self.tails: Dict[str, bytes] = {"stdout": b"", "stderr": b""}
        self.printed = 0
        self.frame = b""
        self.status: Optional[int] = None
        self.reason: Optional[str] = None
        self.namespaces = False
        self.why_not = ""

    def run(self) -> None:
        started = time.monotonic()
        if self.request["isolation"] == "auto":
            try:
                sandbox.enter_namespaces()
                self.namespaces = True
            except OSError as error:
                self.why_not = str(error)
        sandbox.die_with_parent()
        sandbox.prctl(sandbox.PR_SET_CHILD_SUBREAPER, 1)
        pipes = {name: os.pipe() for name in ("stdout", "stderr", "frames", "report")}
        child = os.fork()
        if child == 0:
            self._init(pipes, started)
        for _, end in pipes.values():
            os.close(end)
        try:
            self._watch(
                {name: ends[0] for name, ends in pipes.items()}, started + self.request["seconds"] + GRACE, child
            )
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            take_down(child)
        self._write(time.monotonic() - started)

    def _init(self, pipes: Dict[str, Any], started: float) -> NoReturn:
        """Process 1 of the run."""
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            sandbox.die_with_parent()
            os.close(self.result)
            for end, _ in pipes.values():
                os.close(end)
            active = self._isolate()
            child = os.fork()
            if child == 0:
                self._become_script(pipes, active, started)
            for name in ("stdout", "stderr", "frames"):
                os.close(pipes[name][1])
            sandbox.be_init(child, pipes["report"][1])
        except BaseException as error:
            message = "fixer: the run could not be set up: {}: {}\n".format(type(error).__name__, error)
            os.write(pipes["stderr"][1], message.encode())
        finally:
            os._exit(1)

    def _isolate(self) -> List[str]:
        """Whatever the system allows of the isolation. Returns what is active, in words."""
        request = self.request
        if not self.namespaces:
            return []
        active = ["own process table: nothing outlives the run"]
        try:
            sandbox.loopback_up()
            active.append("no network (own namespace with loopback only)")
        except OSError:
            active.append("no network (own namespace)")
        folder = os.path.dirname(request["path"])
        writable = [folder, os.path.expanduser("~"), "/tmp", "/var/tmp", request["scratch"]]
        devices = sandbox.gpu_devices() if request["device"] == "cuda" else []
        overlay = sandbox.Overlay(request["scratch"], request["scratch_mb"], devices)
        try:
            files = {request["path"]: base64.b64decode(request["source"])}
            overlay.build([place for place in writable if place and os.path.isdir(place)], files)
            overlay.enter()
        except OSError as error:
            self.why_not = str(error)
            return active
        active.append("writes go to a layer in memory of at most {} MB and vanish".format(request["scratch_mb"]))
        return active

    def _become_script(self, pipes: Dict[str, Any], active: List[str], started: float) -> NoReturn:
        os.setsid()
        sandbox.die_with_parent()
        os.close(pipes["report"][1])
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (pipes["stdout"][1], 1), (pipes["stderr"][1], 2)):
            os.dup2(source, target)
            if source > 2:
                os.close(source)
        covered = any(line.startswith("writes") for line in active)
        if self.namespaces:
            sandbox.drop_privileges()
        if not covered:
            active += guards.install(self.request, self.namespaces, self.why_not)
        limits = sandbox.limit(self.request["memory_mb"], self.request["seconds"])
        active += ["limits on {}, running time and output; stdin closed".format(" and ".join(limits))]
        from . import execute

        execute.main(self.request, pipes["frames"][1], active, started, covered)

    def _watch(self, ends: Dict[str, int], deadline: float, child: int) -> None:
        with selectors.DefaultSelector() as selector:
            for name, end in ends.items():
                selector.register(end, selectors.EVENT_READ, name)
            while selector.get_map():
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    if self.reason is None and self.status is None:
                        self.reason = "timeout"
                    return
                for key, _ in ready:
                    chunk = os.read(key.fd, 1 << 16)
                    if not chunk:
                        selector.unregister(key.fd)
                    elif not self._take(key.data, chunk):
                        return
                if self.status is not None:
                    # What the script left behind may hold the pipes open; its end is the end.
                    take_down(child)
                    deadline = min(deadline, time.monotonic() + 0.5)

    def _take(self, name: str, chunk: bytes) -> bool:
        if name == "report":
            self.status = struct.unpack("i", chunk[:4])[0]
        elif name == "frames":
            self.frame += chunk
            # Only the last whole frame counts, beside the one that is coming in.
            complete, newline, rest = self.frame.rpartition(b"\n")
            if newline:
                self.frame = complete.rpartition(b"\n")[2] + newline + rest
        else:
            self.printed += len(chunk)
            self.tails[name] = (self.tails[name] + chunk)[-TAIL:]
            if self.printed > self.request["output_mb"] << 20:
                self.reason = "output"
                return False
        return True

    def _write(self, seconds: float) -> None:
        frame = self.frame.rpartition(b"\n")[0]
        content = {
            "frame": json.loads(frame) if frame else None,
            "status": self.status,
            "reason": self.reason,
            "seconds": seconds,
            "stdout": self.tails["stdout"].decode("utf-8", "replace"),
            "stderr": self.tails["stderr"].decode("utf-8", "replace"),
        }
        with os.fdopen(self.result, "w") as stream:
            json.dump(content, stream)


def _children(parent: int) -> List[int]:
    found = []
    try:
        names = os.listdir("/proc")
    except OSError:
        return []
    for name in names:
        if name.isdigit():
            try:
                with open("/proc/{}/stat".format(name), encoding="utf-8", errors="replace") as stream:
                    if int(stream.read().rpartition(")")[2].split()[1]) == parent:
                        found.append(int(name))
            except (OSError, ValueError, IndexError):
                continue
    return found


def take_down(child: int) -> None:
    """End process 1 of the run. In its own process table everything ends with it; else its orphans come to us."""
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            for orphan in _children(os.getpid()):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(orphan, signal.SIGKILL)
            time.sleep(0.002)
