"""A script that insists on CUDA, on a machine without it: its requests for a device are answered with the CPU.

What a program asks a device to do, it gets, by the processor; what it asks to know about the device is answered in
`gpu`. Requests that the processor cannot fulfil (graphs of kernels, kernels of one's own) fail as they do without CUDA.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any, Callable

import torch
from torch.overrides import TorchFunctionMode

from . import gpu
from .record import Recorder

MARK = "_fixer_gpu"
"""Of tensors, and of their storage where torch keeps that object: they would lie on the GPU."""


def asks_for_cuda(value: Any) -> bool:
    if isinstance(value, torch.device):
        return value.type == "cuda"
    if isinstance(value, str):
        return value == "cuda" or value.startswith("cuda:")
    return isinstance(value, int) and not isinstance(value, bool)


def on_cpu(value: Any) -> Any:
    """`value`, with a request for CUDA turned into one for the CPU."""
    if isinstance(value, str) and value.startswith("torch.cuda."):
        return value.replace("torch.cuda.", "torch.")
    return "cpu" if not isinstance(value, int) and asks_for_cuda(value) else value


class Home:
    """Which tensors would lie on the GPU: those that were asked for there, and not what is computed from them."""

    def __init__(self) -> None:
        self.everything = False
        """CUDA is the default device."""

    def mark(self, tensor: Any) -> Any:
        if isinstance(tensor, torch.Tensor):
            setattr(tensor, MARK, True)
            with contextlib.suppress(Exception):  # sparse and meta tensors have no storage
                setattr(tensor.untyped_storage(), MARK, True)
        return tensor

    def holds(self, tensor: Any) -> bool:
        if self.everything or hasattr(tensor, MARK) or (tensor._base is not None and hasattr(tensor._base, MARK)):
            return True
        with contextlib.suppress(Exception):
            return hasattr(tensor.untyped_storage(), MARK)
        return False

    def bring(self, tensor: Any, moved: Any) -> Any:
        """What a transfer of `tensor` returns, `moved` being what the same transfer to the CPU does.

        It is a copy: no leaf where a gradient is wanted, and writing to it leaves the source alone.
        """
        if moved is not tensor or self.holds(tensor):
            return self.mark(moved)
        return self.mark(tensor.clone()) if tensor.is_leaf else tensor


class Rebound(TorchFunctionMode):
    """Rewrites device arguments of every torch function."""

    def __init__(self, home: Home) -> None:
        super().__init__()
        self.home = home

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        options = kwargs or {}
        asked = False
        if "device" in options:
            asked = asks_for_cuda(options["device"])
            if asked:
                options = {**options, "device": "cpu"}
        if options.get("pin_memory"):
            options = {**options, "pin_memory": False}
        name = getattr(function, "__name__", "")
        if name == "to" and len(args) > 1:
            asked = asked or asks_for_cuda(args[1])
            if asked and "device" not in options:
                args = (args[0], "cpu", *args[2:])
        elif name == "type" and len(args) > 1:
            args = (args[0], on_cpu(args[1]), *args[2:])
        result = function(*args, **options)
        if asked:
            return self.home.bring(args[0], result) if name == "to" else self.home.mark(result)
        return result


def install(recorder: Recorder) -> None:
    """Answer with the CPU from here on, for good."""
    recorder.replace("cuda -> cpu")
    home = Home()
    Rebound(home).__enter__()  # type: ignore[no-untyped-call]
    torch.Tensor.cuda = lambda self, *_a, **_k: home.bring(self, self)  # type: ignore[method-assign]
    torch.Tensor.pin_memory = lambda self, *_a, **_k: self  # type: ignore[method-assign]
    _modules(home)
    _defaults(home)
    _generators()
    _loading()
    _optimizers()
    gpu.install()
    if torch.distributed.is_available():
        _distributed(recorder)


def _modules(home: Home) -> None:
    """Modules move in place: their parameters stay the same objects."""
    original = torch.nn.Module.to

    def settled(module: Any) -> Any:
        for tensor in (*module.parameters(), *module.buffers()):
            home.mark(tensor)
        return module

    @functools.wraps(original)
    def to(self: Any, *arguments: Any, **options: Any) -> Any:
        asked = asks_for_cuda(options.get("device")) or (bool(arguments) and asks_for_cuda(arguments[0]))
        if asked and "device" in options:
            options["device"] = "cpu"
        elif asked:
            arguments = ("cpu", *arguments[1:])
        moved = original(self, *arguments, **options)
        return settled(moved) if asked else moved

    torch.nn.Module.to = to  # type: ignore[method-assign]
    torch.nn.Module.cuda = lambda self, *_a, **_k: settled(self)  # type: ignore[method-assign]


def _defaults(home: Home) -> None:
    """CUDA as the default device, from here on or within a `with`."""
    from torch.utils import _device

    context = _device.DeviceContext
    original = context.__init__

    @functools.wraps(original)
    def init(self: Any, device: Any) -> None:
        home.everything = home.everything or asks_for_cuda(device)
        original(self, "cpu" if asks_for_cuda(device) else device)

    context.__init__ = init  # type: ignore[method-assign]
    for name in ("set_default_device", "set_default_tensor_type"):
        setattr(torch, name, _redirected(getattr(torch, name), home))
    for kind in gpu.TYPES:
        setattr(torch.cuda, kind + "Tensor", getattr(torch, kind + "Tensor"))


def _redirected(original: Callable[..., Any], home: Home) -> Callable[..., Any]:
    @functools.wraps(original)
    def function(value: Any) -> Any:
        home.everything = home.everything or on_cpu(value) is not value
        return original(on_cpu(value))

    return function


def _generators() -> None:
    """`torch.Generator` is a subclass of ours by now."""
    plain = torch.Generator.__mro__[1]

    def new(cls: Any, device: Any = "cpu") -> Any:
        return plain.__new__(cls, on_cpu(device))

    torch.Generator.__new__ = new  # type: ignore[method-assign]


def _loading() -> None:
    original = torch.load

    @functools.wraps(original)
    def load(f: Any, *rest: Any, **options: Any) -> Any:
        kept = {name: value for name, value in options.items() if name != "map_location"}
        return original(f, "cpu", *rest[1:], **kept)

    torch.load = load


def _optimizers() -> None:
    """Steps that are one kernel, or part of a graph of kernels: they compute what the plain ones do."""
    for kind in list(vars(torch.optim).values()):
        if isinstance(kind, type) and issubclass(kind, torch.optim.Optimizer) and "__init__" in vars(kind):
            setattr(kind, "__init__", _plain(vars(kind)["__init__"]))  # noqa: B010 - mypy


def _plain(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def init(self: Any, *arguments: Any, **options: Any) -> None:
        kept = {name: value for name, value in options.items() if name not in ("fused", "capturable")}
        original(self, *arguments, **kept)

    return init


def _distributed(recorder: Recorder) -> None:
    """NCCL needs GPUs; gloo does the same on processors."""
    from torch.nn.parallel import DistributedDataParallel

    start, init = torch.distributed.init_process_group, DistributedDataParallel.__init__

    @functools.wraps(start)
    def begin(backend: Any = None, *arguments: Any, **options: Any) -> Any:
        options.pop("device_id", None)
        if backend is None or "nccl" in str(backend):
            recorder.replace("nccl -> gloo")
            backend = "gloo"
        return start(backend, *arguments, **options)

    @functools.wraps(init)
    def wrap(self: Any, module: Any, *rest: Any, **options: Any) -> None:
        kept = {name: value for name, value in options.items() if name not in ("device_ids", "output_device")}
        init(self, module, *(None for _ in rest[:2]), *rest[2:], **kept)

    torch.distributed.init_process_group = torch.distributed.distributed_c10d.init_process_group = begin
    DistributedDataParallel.__init__ = wrap  # type: ignore[method-assign]
