"""Scripts that try to get out: what they write, whom they reach, what outlives them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.verify.trace import Outcome, Trace
from fixer.verify.trial import Program, Trials
from tests.verify.running import SMALL, becomes, guarded, trials

__all__ = ["guarded", "trials"]

Runner = Callable[[str], Trace]


def _namespaces(trace: Trace) -> bool:
    return any(line.startswith("writes go to a layer") for line in trace.isolation)


@pytest.fixture(params=["trials", "guarded"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Runner:
    """Runs a text beside `data.txt`, in a folder of the user's, under each kind of isolation."""
    chosen: Trials = request.getfixturevalue(request.param)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "data.txt").write_text("precious")
    (folder / "logs").mkdir()
    (folder / "train.py").write_text("on disk")

    def go(source: str) -> Trace:
        return chosen.run(Program(folder / "train.py", source.encode()), "before", 0, SMALL)

    return go


def _tree(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_writes_into_the_own_folder_work_and_vanish(run: Runner, tmp_path: Path) -> None:
    before = _tree(tmp_path)
    trace = run(
        """
import os, torch
os.makedirs("checkpoints/best", exist_ok=True)
torch.save(torch.ones(3), "checkpoints/best/model.pt")
assert torch.load("checkpoints/best/model.pt").sum() == 3
open("log.txt", "a").write("x")
assert open("data.txt").read() == "precious"
assert open(os.path.expanduser("~/.fixer-test"), "w").write("x")
import tempfile
tempfile.NamedTemporaryFile().write(b"x")
"""
    )
    assert trace.crash is None, trace.crash
    assert _tree(tmp_path) == before
    assert not Path("~/.fixer-test").expanduser().exists()


@pytest.mark.parametrize(
    "attack",
    [
        "open(folder + '/data.txt', 'w').write('gone')",
        "torch.save(torch.ones(1), folder + '/data.txt')",
        "os.remove(folder + '/data.txt')",
        "os.rename(folder + '/data.txt', folder + '/other.txt')",
        "shutil.rmtree(folder)",
        "subprocess.run('rm -rf ' + folder + '/data.txt; echo x > ' + folder + '/new', shell=True)",
        "os.umask(0); os.chmod(folder + '/data.txt', 0o000)",
        "open(__file__, 'a').write('x')",
    ],
)
def test_attacks_on_the_users_files_do_not_reach_them(run: Runner, tmp_path: Path, attack: str) -> None:
    before = _tree(tmp_path)
    folder = str(tmp_path / "project")
    trace = run(f"import os, shutil, subprocess, torch\nfolder = {folder!r}\n{attack}\n")
    assert _tree(tmp_path) == before
    assert (tmp_path / "project/data.txt").stat().st_mode & 0o400
    assert trace.outcome in (Outcome.FINISHED, Outcome.CRASHED)


def test_nobody_outside_can_be_reached(run: Runner) -> None:
    trace = run(
        """
import socket, urllib.request
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname(), 2).close()
for attempt in (lambda: socket.create_connection(("192.0.2.1", 80), 3),
                lambda: urllib.request.urlopen("http://example.org", timeout=3)):
    try:
        attempt()
    except OSError as error:
        assert not isinstance(error, TimeoutError), error
    else:
        raise AssertionError("connected")
"""
    )
    assert trace.crash is None, trace.crash
    assert any("network" in line or "sockets" in line for line in trace.isolation)


def test_what_the_script_starts_does_not_outlive_it(run: Runner) -> None:
    number = str(os.getpid() + 7_000_000)
    trace = run(
        f"""
import os, signal, subprocess, sys
subprocess.Popen(["sleep", "{number}"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "{number}"])
    os._exit(0)
"""
    )
    assert trace.outcome is Outcome.FINISHED
    assert trace.seconds < 5
    assert becomes(False, number)


def test_a_folder_behind_a_link_is_no_way_out(trials: Trials, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "train.py").write_text("on disk")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "alias.py").symlink_to("train.py")
    before = _tree(tmp_path)
    for name in ("train.py", "alias.py"):
        source = "open('new.txt', 'w').write(open(__file__).read())"
        trace = trials.run(Program(tmp_path / "link" / name, source.encode()), "before", 0, SMALL)
        assert trace.crash is None
    assert _tree(tmp_path) == before


def test_a_full_disk_is_the_scripts_own_problem(trials: Trials, tmp_path: Path) -> None:
    source = "with open('big', 'wb') as f:\n    for _ in range(200): f.write(bytes(1 << 20))\n"
    trace = trials.run(Program(tmp_path / "train.py", source.encode()), "before", 0, SMALL)
    if not _namespaces(trace):
        pytest.skip("no namespaces on this system: the disk is not limited, and the trace does not say that it is")
    assert trace.crash is not None and "No space left" in trace.crash.message


def test_the_mounts_cannot_be_undone(trials: Trials, tmp_path: Path) -> None:
    source = "import subprocess\nprint(subprocess.run('umount -a; mount -o remount,rw /proc', shell=True).returncode)\n"
    source += "open('/proc/sys/vm/swappiness', 'w')\n"
    trace = trials.run(Program(tmp_path / "train.py", source.encode()), "before", 0, SMALL)
    assert trace.crash is not None and trace.crash.type in ("OSError", "PermissionError")


def test_what_was_active_is_said_and_no_more(trials: Trials, guarded: Trials, tmp_path: Path) -> None:
    program = Program(tmp_path / "train.py", b"")
    without = guarded.run(program, "before", 0, SMALL).isolation
    assert any(line.startswith("no namespaces") for line in without)
    assert not any("no network" in line or "own process table" in line for line in without)
    assert any(("limits on" in line and "stdin closed" in line) for line in without)
    if sys.platform == "linux" and _namespaces(trials.run(program, "before", 0, SMALL)):
        assert any("no network" in line for line in trials.run(program, "before", 0, SMALL).isolation)
