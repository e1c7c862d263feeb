"""Random streams: shifted by the run's seed, and anchored, so that one draw more does not make two runs unlike.

The global streams are set anew at events that both versions share: a module is made, a dataset is split, a loader's
pass begins, a batch is there, a step is done. Each time the state comes from the last seed, the steps since then, and
the event with its number since the last step. What one version draws besides changes the draws up to the next event,
and nothing behind it.
Initial weights are thus alike wherever the code that makes them is, and a mend that changes that code keeps its effect.
"""

from __future__ import annotations

import functools
import os
import random
import sys
from typing import Any, Callable, Dict, List, Optional

import torch

from .record import TORCH

SHIFT = 1_000_003
"""Seeds of the script are moved by this much for each run seed; run 0 is the script as it is."""
LIMIT = 1 << 32
PROBE = os.path.dirname(os.path.abspath(__file__))
BIT_GENERATORS = ("RandomState", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def install(seed: int, anchored: bool, note: Callable[[str], None]) -> None:
    """Seed the global streams, shift what the script seeds, and anchor the streams."""
    numpy = sys.modules.get("numpy")
    streams = {"torch": Stream(seed, _set_torch), "random": Stream(seed, _set_random)}
    if numpy is not None:
        streams["numpy"] = Stream(seed, numpy.random.seed)
    random.seed(seed)
    torch.manual_seed(seed)
    if numpy is not None:
        numpy.random.seed(seed)
    _shift_functions(seed, streams, numpy)
    _shift_classes(seed, numpy)
    if anchored:
        _watch_states(streams, numpy, note)
        _anchor(list(streams.values()))


class Stream:
    """One global stream: its last seed, and what has happened since. Whoever saves or restores the state of a stream
    has plans of their own for it: from then on it is left alone."""

    def __init__(self, seed: Any, set_to: Callable[[int], Any]) -> None:
        self.set_to = set_to
        self.free = False
        self.seeded(seed)

    def seeded(self, seed: Any) -> None:
        self.seed = seed if isinstance(seed, int) else repr(seed)
        self.steps = 0
        self.counts: Dict[str, int] = {}

    def stepped(self) -> None:
        self.steps += 1
        self.counts.clear()
        self.event("step")

    def event(self, kind: str) -> None:
        if self.free:
            return
        count = self.counts[kind] = self.counts.get(kind, 0) + 1
        # strings have fixed hashes here: the environment says so
        self.set_to(hash((self.seed, self.steps, kind, count)) % LIMIT)


def _set_torch(seed: int) -> None:
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.manual_seed_all(seed)


def _set_random(seed: int) -> None:
    common: Any = random._inst
    super(type(common), common).seed(seed)  # as `random.seed` does, without its detours
    common.gauss_next = None


def shifted(value: Any, seed: int) -> Any:
    """A seed of the script, as this run has it. Entropy of the system becomes 0: equal runs must be equal."""
    if value is None:
        value = 0
    if isinstance(value, int) or (type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0):
        return (int(value) + seed * SHIFT) % LIMIT if seed else int(value)
    return value


def _shift_functions(seed: int, streams: Dict[str, Stream], numpy: Any) -> None:
    _shift(random, "seed", "a", seed, streams["random"])
    _shift(torch, "manual_seed", "seed", seed, streams["torch"])
    torch.random.manual_seed = torch.manual_seed
    if numpy is not None:
        _shift(numpy.random, "seed", "seed", seed, streams["numpy"])
        _shift(numpy.random, "default_rng", "seed", seed)
    for name in ("manual_seed", "manual_seed_all"):
        _shift_cuda(name, seed)
    # torch.seed() would ask the system for entropy: two runs must not differ by it.
    torch.seed = lambda: torch.manual_seed(0).initial_seed()


def _shift(module: Any, name: str, keyword: str, seed: int, stream: Optional[Stream] = None) -> None:
    original: Callable[..., Any] = getattr(module, name)

    @functools.wraps(original)
    def seeding(*arguments: Any, **options: Any) -> Any:
        given = arguments[0] if arguments else options.pop(keyword, None)
        value = shifted(given, seed)
        if stream is not None:
            stream.seeded(value)
        return original(value, *arguments[1:], **options)

    setattr(module, name, seeding)


def _shift_cuda(name: str, seed: int) -> None:
    """What the script seeds on GPUs. What torch and we hand on has been shifted before."""
    original: Callable[..., Any] = getattr(torch.cuda, name)

    @functools.wraps(original)
    def seeding(seed_: Any) -> None:
        handed_on = sys._getframe(1).f_code.co_filename.startswith((TORCH, PROBE))
        original(seed_ if handed_on else shifted(seed_, seed))

    setattr(torch.cuda, name, seeding)
    setattr(torch.cuda.random, name, seeding)


def _shift_classes(seed: int, numpy: Any) -> None:
    """Generators that are made with a seed. In seed 0 nothing is moved, but none may take its seed from the system."""
    _shift_random(seed)
    _shift_generator(seed)
    for name in BIT_GENERATORS if numpy is not None else ():
        if hasattr(numpy.random, name):
            _shift_numpy(numpy, name, seed)


def _stand_in(original: Any, members: Dict[str, Any]) -> Any:
    """A subclass that takes the place of a class: objects made before, or by compiled code, are instances of it too."""

    class Kind(type(original)):  # type: ignore[misc]
        def __instancecheck__(cls, instance: Any) -> bool:
            return isinstance(instance, original) if cls is made else type.__instancecheck__(cls, instance)

        def __subclasscheck__(cls, other: Any) -> bool:
            return issubclass(other, original) if cls is made else type.__subclasscheck__(cls, other)

    members.update(__module__=original.__module__, __qualname__=original.__qualname__, __doc__=original.__doc__)
    made = Kind(original.__name__, (original,), members)
    return made


def _shift_random(seed: int) -> None:
    original = random.Random

    def seeding(self: Any, a: Any = None, version: int = 2) -> None:
        original.seed(self, shifted(a, seed), version)

    random.Random = _stand_in(original, {"seed": seeding})  # type: ignore[misc]


def _shift_generator(seed: int) -> None:
    original = torch.Generator

    def init(self: Any, *_arguments: Any, **_options: Any) -> None:
        if seed:
            original.manual_seed(self, shifted(self.initial_seed(), seed))

    def manual_seed(self: Any, seed_: int) -> Any:
        return original.manual_seed(self, shifted(seed_, seed))

    def from_system(self: Any) -> int:
        return int(original.manual_seed(self, shifted(0, seed)).initial_seed())

    members = {"__init__": init, "manual_seed": manual_seed, "seed": from_system}
    torch.Generator = _stand_in(original, members)  # type: ignore[misc]


def _shift_numpy(numpy: Any, name: str, seed: int) -> None:
    original = getattr(numpy.random, name)

    def init(self: Any, seed_: Any = None, **options: Any) -> None:
        original.__init__(self, shifted(options.pop("seed", seed_), seed), **options)

    def seeding(self: Any, seed_: Any = None, **options: Any) -> None:
        original.seed(self, shifted(options.pop("seed", seed_), seed))

    members = {"__init__": init, **({"seed": seeding} if hasattr(original, "seed") else {})}
    made = _stand_in(original, members)
    made.__module__ = "numpy.random"  # where it is found again by those who pickle it
    setattr(numpy.random, name, made)


def _watch_states(streams: Dict[str, Stream], numpy: Any, note: Callable[[str], None]) -> None:
    places = {"torch": [torch, torch.random], "random": [random], "numpy": [numpy.random] if numpy else []}
    names = {"torch": ("get_rng_state", "set_rng_state"), "random": ("getstate", "setstate")}
    for kind, stream in streams.items():
        for name in names.get(kind, ("get_state", "set_state")):
            for module in places[kind]:
                setattr(module, name, _freeing(getattr(module, name), stream, note))


def _freeing(original: Callable[..., Any], stream: Stream, note: Callable[[str], None]) -> Callable[..., Any]:
    @functools.wraps(original)
    def state(*arguments: Any, **options: Any) -> Any:
        if not sys._getframe(1).f_code.co_filename.startswith(PROBE):
            stream.free = True
            note("the script keeps the state of random streams by itself; from there on they were not aligned")
        return original(*arguments, **options)

    return state


def _anchor(streams: List[Stream]) -> None:
    from torch.optim.optimizer import register_optimizer_step_post_hook
    from torch.utils import data

    trained = [False]

    def event(kind: str) -> None:
        for stream in streams:
            stream.event(kind)

    def stepped(*_: Any) -> None:
        trained[0] = True
        for stream in streams:
            stream.stepped()

    register_optimizer_step_post_hook(stepped)
    original_module, original_iter = torch.nn.Module.__init__, data.DataLoader.__iter__
    original_next, original_split = data.dataloader._BaseDataLoaderIter.__next__, data.random_split

    @functools.wraps(original_module)
    def init(self: Any, *arguments: Any, **options: Any) -> None:
        if not trained[0]:  # later there are the steps to hold on to, and modules may be made in every forward pass
            kind = type(self)
            event("module " + (kind.__name__ if kind.__module__.startswith("torch.nn.") else ""))
        original_module(self, *arguments, **options)

    @functools.wraps(original_iter)
    def start(self: Any) -> Any:
        kind = "{} {}".format(type(getattr(self, "sampler", None)).__name__, getattr(self, "batch_size", None))
        event("pass " + kind)
        running = original_iter(self)
        running._fixer_kind = kind  # type: ignore[attr-defined]
        return running

    @functools.wraps(original_next)
    def fetch(self: Any) -> Any:
        batch = original_next(self)
        event("batch " + getattr(self, "_fixer_kind", ""))  # whatever its transforms drew
        return batch

    @functools.wraps(original_split)
    def split(*arguments: Any, **options: Any) -> Any:
        event("split")
        return original_split(*arguments, **options)

    torch.nn.Module.__init__ = init  # type: ignore[method-assign]
    data.DataLoader.__iter__ = start  # type: ignore[method-assign]
    data.dataloader._BaseDataLoaderIter.__next__ = fetch  # type: ignore[method-assign]
    data.random_split = data.dataset.random_split = split
