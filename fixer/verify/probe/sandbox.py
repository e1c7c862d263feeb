"""Linux namespaces: a world in which a script may write anywhere and reach nothing.

Every file system is covered by an overlay whose upper layer is a size-limited tmpfs, so writes work and vanish with the
run. Works without root where the kernel lets users make namespaces; every failure is reported, never hidden.
"""

from __future__ import annotations

import contextlib
import ctypes
import glob
import os
import signal
import socket
import struct
import sys
from typing import Any, Dict, Iterable, Iterator, List, NoReturn, Optional, Tuple

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x20000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1,
    2,
    4,
    8,
    32,
    4096,
    16384,
    1 << 18,
)
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
GPU_DEVICES = (
    "nvidia[0-9]*", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-caps/*",
    "nvhost*", "nvmap", "dxg", "kfd", "dri/*",
)  # fmt: skip
VIRTUAL = ("/proc", "/sys", "/dev")
MANY_ENTRIES = 200

_libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def gpu_devices(folder: str = "/dev") -> List[str]:
    """What a program needs of /dev to reach a GPU: NVIDIA's, on its own boards and under WSL too, and AMD's."""
    return sorted(path for name in GPU_DEVICES for path in glob.glob(os.path.join(folder, name)))


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, "{}: {}".format(what, os.strerror(number)))


def prctl(option: int, value: int) -> None:
    """One prctl call; a no-op where there is none."""
    if _libc is not None:
        _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def die_with_parent() -> None:
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def enter_namespaces() -> None:
    """Leave the network, the process table and the mounts of the system behind.

    The calling process must have a single thread; its next child is process 1 of the new process table.

    Raises:
        OSError: the system does not allow it.
    """
    if _libc is None:
        raise OSError("there are no namespaces on {}".format(sys.platform))
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC
    _check(_libc.unshare(flags), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", "{0} {0} 1".format(user)),
        ("gid_map", "{0} {0} 1".format(group)),
    ):
        with open("/proc/self/" + name, "w") as stream:
            stream.write(text)


def loopback_up() -> None:
    """Bring the loopback device up: a run of several processes talks to itself."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """mount(2).

    Raises:
        OSError: it was refused.
    """
    arguments = (
        os.fsencode(source),
        os.fsencode(target),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )
    _check(_libc.mount(*arguments), "mount " + target)


def _mount_points() -> List[str]:
    points = []
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as stream:
        for line in stream:
            point = line.split()[4].encode("utf-8", "surrogateescape").decode("unicode_escape")
            if point != "/" and not any(point == virtual or point.startswith(virtual + "/") for virtual in VIRTUAL):
                points.append(point)
    return sorted(set(points), key=lambda point: point.count("/"))


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,")


class Overlay:
    """A second root: the system as it is, under layers that take every write."""

    def __init__(self, stage: str, megabytes: int, devices: Iterable[str] = ()) -> None:
        self.stage = stage
        self.megabytes = megabytes
        self.devices = [os.path.join("/dev", name) for name in DEVICES] + list(devices)
        self.points = _mount_points()
        self.root = os.path.join(stage, "root")
        self.layers: Dict[str, str] = {}

    def build(self, writable: List[str], files: Dict[str, bytes]) -> None:
        """Mount everything. `writable` are folders that must take new files; `files` lie over the real ones."""
        mount("none", "/", flags=MS_REC | MS_PRIVATE)
        mount("tmpfs", self.stage, "tmpfs", MS_NOSUID | MS_NODEV, "size={}m,mode=755".format(self.megabytes))
        os.mkdir(self.root)
        mount("tmpfs", self.root, "tmpfs", MS_NOSUID | MS_NODEV, "size={}m,mode=755".format(self.megabytes))
        covered = list(self._parts("/"))
        for path in covered:
            self.layers[path] = os.path.join(self.stage, "upper{}".format(len(self.layers)))
            os.mkdir(self.layers[path])
        for folder in writable:
            self._open_up(folder)
        for path, content in files.items():
            place = os.path.join(self._open_up(os.path.dirname(path)), os.path.basename(path))
            if not os.path.ismount(place):
                with open(place, "wb") as stream:
                    stream.write(content)
        for path in covered:
            self._cover(path)
        self._devices()
        os.mkdir(self.root + "/proc")
        mount("proc", self.root + "/proc", "proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
        os.mkdir(self.root + "/sys")
        with contextlib.suppress(OSError):  # where it is refused the script does without: training needs nothing of it
            mount("sysfs", self.root + "/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)

    def _parts(self, folder: str) -> Iterator[str]:
        """The folders to cover. One with a mount below cannot be covered itself, so its entries are, one by one."""
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            target = self.root + path
            if path in VIRTUAL:
                continue
            if os.path.islink(path):
                os.symlink(os.readlink(path), target)
            elif not os.path.isdir(path):
                with open(target, "wb"):
                    pass
                self._read_only(path, target)
            elif not any(point.startswith(path + "/") for point in self.points):
                os.mkdir(target)
                yield path
            else:
                os.mkdir(target)
                if os.access(path, os.R_OK | os.X_OK) and len(os.listdir(path)) <= MANY_ENTRIES:
                    yield from self._parts(path)
                else:
                    mount(path, target, flags=MS_BIND | MS_REC)
                    self._read_only(path, target, bound=True)

    def _open_up(self, folder: str) -> str:
        """Make `folder` in its layer, owned by us, and return its place there.

        The owner of the real one may be unknown in here, and then the kernel refuses to copy it when it is written to.
        """
        folder = os.path.realpath(folder)
        point = max((p for p in self.layers if folder == p or folder.startswith(p + "/")), key=len, default="/")
        place = self.layers.get(point, self.root)
        for part in os.path.relpath(folder, point).split("/"):
            if part != ".":
                place = os.path.join(place, part)
                if os.path.islink(place):
                    raise OSError("{} changed while it was being covered".format(folder))
                if not os.path.isdir(place):
                    os.mkdir(place)
        return place

    def _cover(self, path: str) -> None:
        upper = self.layers[path]
        work = os.path.join(self.stage, os.path.basename(upper).replace("upper", "work"))
        os.mkdir(work)
        options = "lowerdir={},upperdir={},workdir={},userxattr".format(_escaped(path), _escaped(upper), _escaped(work))
        try:
            mount("overlay", self.root + path, "overlay", 0, options)
        except OSError:
            self._read_only(path, self.root + path)

    @staticmethod
    def _read_only(point: str, target: str, bound: bool = False) -> None:
        if not bound:
            mount(point, target, flags=MS_BIND)
        # Flags that the system has set on a mount cannot be taken away in here, so they are repeated.
        flags = os.statvfs(point).f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC | 1024 | 2048 | 4096)
        kept = flags & 0xF | (1024 if flags & 1024 else 0) | (2048 if flags & 2048 else 0)
        kept |= (1 << 21) if flags & 4096 else 0
        mount("none", target, flags=MS_REMOUNT | MS_BIND | MS_RDONLY | kept)

    def _devices(self) -> None:
        folder = self.root + "/dev"
        os.mkdir(folder)
        mount("tmpfs", folder, "tmpfs", MS_NOSUID, "mode=755,size=1m")
        for path in filter(os.path.exists, self.devices):
            os.makedirs(os.path.dirname(self.root + path), exist_ok=True)
            with open(self.root + path, "w"):
                pass
            mount(path, self.root + path, flags=MS_BIND)
        for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
            os.symlink("/proc/self/fd" + target, os.path.join(folder, name))
        os.mkdir(folder + "/shm", 0o777)
        mount("tmpfs", folder + "/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size={}m".format(self.megabytes))

    def enter(self) -> None:
        """Make it the root and let the real one go."""
        number = SYS_PIVOT_ROOT.get(os.uname().machine)
        if number is None:
            raise OSError("pivot_root has no known number on {}".format(os.uname().machine))
        os.chdir(self.root)
        _check(_libc.syscall(number, b".", b"."), "pivot_root")
        _check(_libc.umount2(b".", MNT_DETACH), "umount")
        os.chdir("/")


def drop_privileges() -> None:
    """Give up every capability for good, so that the script cannot undo the mounts."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    for capability in range(64):
        prctl(PR_CAPBSET_DROP, capability)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def be_init(child: int, report: int) -> NoReturn:
    """Process 1 of a run: wait for the script, pass its status on, and take everything else down by leaving."""
    while True:
        try:
            pid, status = os.wait()
        except InterruptedError:
            continue
        except ChildProcessError:
            os._exit(1)
        if pid == child:
            os.write(report, struct.pack("i", status))
            os._exit(0)


def wait_status(report: int) -> Optional[int]:
    """What `be_init` reported, if it got that far."""
    content = os.read(report, 4)
    return struct.unpack("i", content)[0] if len(content) == 4 else None


def limit(memory_mb: int, cpu_seconds: float) -> Tuple[str, ...]:
    """Limits that the kernel enforces. Returns what was set."""
    import resource

    done = []
    wanted = ((resource.RLIMIT_CORE, 0, ""), (resource.RLIMIT_CPU, int(cpu_seconds) + 5, "processor time"))
    for kind, value, name in wanted:
        resource.setrlimit(kind, (value, value))
        if name:
            done.append(name)
    if memory_mb > 0 and sys.platform.startswith("linux"):
        with open("/proc/self/statm") as stream:
            present = int(stream.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (present + (memory_mb << 20),) * 2)
        done.append("memory")
    return tuple(done)
