"""Started once in the user's interpreter: imports torch, then forks a supervised run for every request.

Its arguments are the folder that everything lies in and the device that is wanted. Requests come as JSON lines on
stdin. On stdout goes one line when it is ready, and one when a run has ended, whose result lies in the file that the
request named. The end of stdin ends everything.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import re
import select
import shutil
import signal
import sys
import time
from typing import Any, Dict, Iterator, List, Optional

PRIVATE_NAME = "_fixer_probe"
OLDEST_PYTHON, OLDEST_TORCH = (3, 9), (2, 1)


FOLDER = os.path.dirname(os.path.abspath(__file__))


def leave_folder() -> None:
    """Python looks for imports beside the script that it was started with: not here."""
    if sys.path and os.path.abspath(sys.path[0] or ".") == FOLDER:
        del sys.path[0]


def load_probe() -> Any:
    """Import this folder as a package under a private name, whatever else is called `probe` or `verify` here."""
    spec = importlib.util.spec_from_file_location(
        PRIVATE_NAME, os.path.join(FOLDER, "__init__.py"), submodule_search_locations=[FOLDER]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[PRIVATE_NAME] = package
    spec.loader.exec_module(package)
    return importlib.import_module(PRIVATE_NAME + ".supervise")


@contextlib.contextmanager
def unasked() -> Iterator[None]:
    """Nobody asks for CUDA meanwhile: behind a fork, it is of no use to a process whose parent has asked.

    Every step of an optimizer asks, where torch is built for CUDA.
    """
    import torch

    asked = torch.cuda.is_available
    torch.cuda.is_available = lambda: False
    try:
        yield
    finally:
        torch.cuda.is_available = asked


def is_old() -> bool:
    """Whether this Python or its torch lacks what the probe needs."""
    if sys.version_info < OLDEST_PYTHON:
        return True
    import torch

    return tuple(int(number) for number in re.findall(r"\d+", str(torch.__version__))[:2]) < OLDEST_TORCH


def warm_up() -> Dict[str, str]:
    """Import what every run needs, the lazy parts of the optimizers included. Returns the versions."""
    import torch

    with unasked():
        parameter = torch.nn.Parameter(torch.zeros(1))
        parameter.grad = torch.zeros(1)
        torch.optim.SGD([parameter], lr=0.1).step()
        torch.optim.Adam([parameter], lr=0.1).step()
    return {"python": sys.version.split()[0], "torch": str(torch.__version__)}


def torch_version() -> Optional[str]:
    """Of the torch that was imported, if that succeeded."""
    version = getattr(sys.modules.get("torch"), "__version__", None)
    return None if version is None else str(version)


def gpu() -> Optional[str]:
    """The name of the CUDA device, asked for in a process of its own: who has touched CUDA may not fork."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            import torch

            if torch.cuda.is_available():
                torch.zeros(1, device="cuda")  # there may be one that this torch cannot use
                os.write(theirs, torch.cuda.get_device_name().encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as stream:
        name = stream.read().decode()
    os.waitpid(pid, 0)
    return name or None


def main() -> None:
    answers = os.dup(1)
    os.dup2(2, 1)

    def answer(**message: Any) -> None:
        os.write(answers, json.dumps(message).encode() + b"\n")

    leave_folder()
    try:
        if is_old():
            answer(failed="it is too old", python=sys.version.split()[0], torch=torch_version())
            return
        supervise = load_probe()
        versions = warm_up()
    except BaseException as error:
        answer(
            failed="{}: {}".format(type(error).__name__, error),
            python=sys.version.split()[0],
            torch=torch_version(),
            no_torch=isinstance(error, ModuleNotFoundError) and error.name == "torch",
        )
        return
    answer(ready=versions, gpu=gpu() if sys.argv[2:] not in ([], ["cpu"]) else None)
    serve(supervise, answer)
    shutil.rmtree(sys.argv[1], ignore_errors=True)  # whoever asked may have been killed
    os._exit(0)  # there is nothing to tidy up, and unloading torch takes its time


def prepare(name: str) -> None:
    """Import what the next runs will need, once."""
    if name not in sys.modules:
        try:
            with unasked():
                importlib.import_module(name)
        except Exception:
            return  # the script will say so itself, if it needs it


def serve(supervise: Any, answer: Any) -> None:
    """Fork a supervisor for each request until stdin ends."""
    running: Dict[int, str] = {}
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    pending = b""
    while True:
        ready, _, _ = select.select([0, wake], [], [])
        if wake in ready:
            os.read(wake, 4096)
        for pid in list(running):
            if os.waitpid(pid, os.WNOHANG)[0]:
                answer(ended=running.pop(pid))
        if 0 not in ready:
            continue
        chunk = os.read(0, 1 << 16)
        if not chunk:
            break
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            request = json.loads(line)
            for name in request["preload"]:
                prepare(name)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                supervise.main(request)
            running[pid] = request["id"]
    stop(list(running))


def stop(pids: List[int]) -> None:
    """End the supervisors: first politely, so that each takes its run down with it."""
    for number, wait in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 1.0)):
        for pid in pids:
            os.kill(pid, number)
        deadline = time.monotonic() + wait
        while pids and time.monotonic() < deadline:
            pids = [pid for pid in pids if not os.waitpid(pid, os.WNOHANG)[0]]
            time.sleep(0.01)


if __name__ == "__main__":
    main()
