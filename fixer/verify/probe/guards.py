"""Where there are no namespaces: what Landlock and Python can keep away from the user's files and the network."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import tempfile
from typing import Any, Dict, List

from .sandbox import gpu_devices

WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = (
    "os.mkdir",
    "os.remove",
    "os.rmdir",
    "os.rename",
    "os.truncate",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.chown",
    "shutil.rmtree",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/random", "/dev/urandom")
SHARED = "/dev/shm"
# Landlock: rights to write, remove and make things, by the ABI that introduced them.
RIGHTS = {1: 0x1FF2, 2: 0x2000, 3: 0x4000}


def install(request: Dict[str, Any], offline: bool, why_not: str) -> List[str]:
    """Guard this process; relative paths lead to a scratch folder. Returns what is active, in words."""
    scratch = os.path.join(os.path.realpath(request["scratch"]), "work")
    os.makedirs(scratch, exist_ok=True)
    _mirror(os.path.dirname(request["path"]), scratch)
    os.chdir(scratch)
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "TORCH_HOME", "MPLCONFIGDIR"):
        os.environ[name] = os.path.join(os.path.dirname(scratch), name.lower())
        os.makedirs(os.environ[name], exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"]
    active = ["no namespaces here ({})".format(why_not or "not asked for")]
    top = os.path.dirname(scratch)
    devices = [*DEVICES, *(gpu_devices() if request["device"] == "cuda" else [])]
    if _landlock([top, SHARED, *devices]):
        active.append("Landlock refuses writes outside the scratch folder")
    _audit(top)
    active.append("Python's own file functions refuse writes outside the scratch folder")
    if not offline:
        _no_sockets()
        active.append("Python's own sockets refuse to connect to other machines; other code might")
    return active


def _mirror(folder: str, scratch: str) -> None:
    """Links to what lies beside the script, so that relative paths find it."""
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            target = os.path.join(scratch, name)
            if not os.path.lexists(target):
                os.symlink(os.path.join(folder, name), target)


def _landlock(places: List[str]) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(444, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 1:
        return False
    rights = sum(mask for since, mask in RIGHTS.items() if since <= version)
    attribute = (ctypes.c_uint64 * 1)(rights)
    ruleset = libc.syscall(444, attribute, ctypes.c_size_t(8), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    for place in places:
        if os.path.exists(place):
            descriptor = os.open(place, os.O_PATH)
            allowed = rights if os.path.isdir(place) else rights & 0x4002
            rule = bytes(ctypes.c_uint64(allowed)) + bytes(ctypes.c_int32(descriptor))
            libc.syscall(445, ruleset, ctypes.c_int(1), ctypes.c_char_p(rule), ctypes.c_uint32(0))
            os.close(descriptor)
    libc.prctl(38, 1, 0, 0, 0)
    refused: int = libc.syscall(446, ruleset, ctypes.c_uint32(0))
    os.close(ruleset)
    return refused == 0


def _changed(event: str, arguments: Any) -> Any:
    if event in ("os.link", "os.symlink"):
        return arguments[1:2]
    return arguments[:2] if event == "os.rename" else arguments[:1]


def _audit(top: str) -> None:
    def inside(path: Any) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return True
        real = os.path.realpath(os.fsdecode(path))
        return real == top or real.startswith((top + os.sep, SHARED + os.sep, "/proc/self/")) or real in DEVICES

    def hook(event: str, arguments: Any) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = bool(flags & WRITE_FLAGS) if isinstance(flags, int) else any(c in str(mode) for c in "wax+")
            if writes and not inside(path):
                raise PermissionError(13, "a trial writes only to its scratch folder", os.fsdecode(path))
        elif event in CHANGES:
            for path in _changed(event, arguments):
                if not inside(path):
                    raise PermissionError(13, "a trial writes only to its scratch folder", os.fsdecode(path))

    sys.addaudithook(hook)


def _no_sockets() -> None:
    original = socket.socket

    class Local(original):  # type: ignore[misc,valid-type]
        """A socket that reaches this machine only."""

        def _refuse(self, address: Any) -> None:
            host = address[0] if isinstance(address, tuple) else None
            if host is not None and host not in ("localhost", "127.0.0.1", "::1", ""):
                raise OSError(101, "the network is off in a trial")

        def connect(self, address: Any) -> None:
            self._refuse(address)
            super().connect(address)

        def connect_ex(self, address: Any) -> int:
            self._refuse(address)
            return int(super().connect_ex(address))

    def resolve(host: Any, *rest: Any, **options: Any) -> Any:
        if host not in (None, "", b"localhost", "localhost", "127.0.0.1", "::1"):
            raise socket.gaierror(-3, "the network is off in a trial")
        return lookup(host, *rest, **options)

    lookup = socket.getaddrinfo
    socket.socket = Local  # type: ignore[misc]
    socket.getaddrinfo = resolve
