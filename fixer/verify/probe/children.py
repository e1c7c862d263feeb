"""Training in processes that the script starts.

Only the script's own process is recorded. Where torch is asked to start the workers of a training, the first of them
runs here, and the others as they are; of other processes it is said that they are not seen.
"""

from __future__ import annotations

import functools
import multiprocessing
import multiprocessing.connection
import multiprocessing.reduction
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from typing import Any, Callable, List

import torch

from .record import Recorder

UNSEEN = "what the processes that the script starts may train is not recorded"
FIRST = "torch.multiprocessing -> the first process runs in the script's own"
LAUNCHED = "torchrun -> one process that was told what torchrun tells it"
HELPERS = ("torch.utils.data", "multiprocessing.managers", "multiprocessing.resource")
PYTHONS = ("python", "torchrun", "accelerate", "deepspeed")
PATIENCE = 3.0
"""When a worker has failed, the first one mostly notices, and says it better."""


class Children:
    """Whether the script has started processes that may train."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.started = False
        self.known = 0
        """Greater than zero while processes are started here."""
        recorder.last_checks.append(self.at_end)

    def seen_to_start(self) -> None:
        """Write it down at once: the script may wait for them until the time is up."""
        recorder = self.recorder
        if recorder.active and not self.known and not self.started:
            self.started = True
            recorder.note(UNSEEN)
            recorder._write(recorder._frame(None, None))

    def at_end(self) -> None:
        if self.started and self.recorder.backwards:
            self.recorder.notes.remove(UNSEEN)  # they were helpers

    def spawn(self, target: Callable[..., Any], arguments: Any, count: int, method: str) -> None:
        """Run the first of `count` workers here, the others in processes of their own, to the end of all."""
        recorder = self.recorder
        recorder.replace(FIRST)
        check_picklable(target, arguments)
        context: Any = multiprocessing.get_context(method)
        others: List[Any] = [
            context.Process(target=target, args=(rank, *arguments), daemon=True) for rank in range(1, count)
        ]
        self.known += 1
        for process in others:
            process.start()
        self.known -= 1
        if others:
            recorder.note("of {} processes that train together, the first was recorded".format(count))
            threading.Thread(target=self.watch, args=(others,), daemon=True).start()
        target(0, *arguments)
        for process in others:
            process.join()
            check_ended(process)

    def watch(self, processes: List[Any]) -> None:
        """End the run when a worker has failed: those that wait for it would wait for long."""
        waiting = {process.sentinel: process for process in processes}
        while waiting:
            for sentinel in multiprocessing.connection.wait(list(waiting)):
                process = waiting.pop(sentinel)
                if process.exitcode:
                    time.sleep(PATIENCE)
                    if self.recorder.active:
                        self.recorder.finish("crashed", {"type": "ProcessExitedException", "message": ending(process)})


def ending(process: Any) -> str:
    return "a process that the script starts terminated with exit code {}".format(process.exitcode)


def check_ended(process: Any) -> None:
    if process.exitcode:
        raise RuntimeError(ending(process))


def check_picklable(target: Any, arguments: Any) -> None:
    """What cannot be sent to another process ends the script, although the first worker stays here."""
    try:
        multiprocessing.reduction.ForkingPickler.dumps((target, tuple(arguments)))
    except (pickle.PicklingError, AttributeError, TypeError):
        raise
    except Exception:
        return  # locks and queues can be sent only while a process is started


def install(recorder: Recorder, launched: bool) -> None:
    """Follow the ways to start processes; `launched`: set up what torchrun would."""
    if launched:
        _launch(recorder)
    children = Children(recorder)
    _hook_torch(recorder, children)
    _hook_processes(children)


def _launch(recorder: Recorder) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"RANK": 0, "LOCAL_RANK": 0, "GROUP_RANK": 0, "WORLD_SIZE": 1, "LOCAL_WORLD_SIZE": 1, "MASTER_PORT": port}
    os.environ.update({name: str(value) for name, value in told.items()}, MASTER_ADDR="127.0.0.1")
    recorder.replace(LAUNCHED)


def _hook_torch(recorder: Recorder, children: Children) -> None:
    package: Any = torch.multiprocessing
    original = package.start_processes
    own_disk = any(line.startswith("writes go to") for line in recorder.isolation)

    def inline(method: str, target: Any, arguments: Any, nprocs: int, join: bool, rest: Any) -> Any:
        # Other workers read the script from disk, where it is another version unless the run has a disk of its own.
        alone = nprocs == 1 or (nprocs > 1 and (method == "fork" or own_disk))
        if not (recorder.active and join and alone):
            return original(target, arguments, nprocs, join, rest.get("daemon", False), method)
        return children.spawn(target, arguments, nprocs, method)

    def start_processes(
        fn: Any, args: Any = (), nprocs: int = 1, join: bool = True, daemon: bool = False, start_method: str = "spawn",
        **rest: Any,
    ) -> Any:  # fmt: skip
        return inline(start_method, fn, args, nprocs, join, {"daemon": daemon, **rest})

    def spawn(
        fn: Any, args: Any = (), nprocs: int = 1, join: bool = True, daemon: bool = False, start_method: str = "spawn"
    ) -> Any:
        return inline(start_method, fn, args, nprocs, join, {"daemon": daemon})

    module: Any = sys.modules["torch.multiprocessing.spawn"]
    for place in (package, module):
        place.start_processes, place.spawn = start_processes, spawn


def _hook_processes(children: Children) -> None:
    kind: Any = multiprocessing.process.BaseProcess
    original_start, original_init = kind.start, subprocess.Popen.__init__

    @functools.wraps(original_start)
    def start(self: Any) -> Any:
        if not str(getattr(getattr(self, "_target", None), "__module__", "")).startswith(HELPERS):
            children.seen_to_start()
        return original_start(self)

    @functools.wraps(original_init)
    def init(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        words = args.split() if isinstance(args, str) else list(args) if isinstance(args, (list, tuple)) else [args]
        if words and os.path.basename(os.fsdecode(words[0])).startswith(PYTHONS):
            children.seen_to_start()
        original_init(self, args, *rest, **options)

    kind.start = start
    subprocess.Popen.__init__ = init  # type: ignore[method-assign]
