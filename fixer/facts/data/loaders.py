"""How loaders draw: in which order and how many at a time, and the loops that train a model on what they draw."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fixer.facts.data.datasets import Loader, given_to
from fixer.facts.data.roles import drawn_from, loop_of, roles_of
from fixer.facts.program.spread import spread
from fixer.facts.program.training import Block, Event, EventKind, Loop, ancestors, events, within
from fixer.facts.program.values import Class, Function, Imported, Items, Literal, Made, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.row_ranges import size_of
from fixer.facts.tensors.shapes import number

_POSITIONS = {
    name: position
    for position, name in enumerate(
        ("dataset", "batch_size", "shuffle", "sampler", "batch_sampler", "num_workers", "collate_fn")
    )
} | {"drop_last": 8}
# What may be done with a loader without minding its order.
_READS = frozenset(
    {"len", "enumerate", "tqdm", "trange", "track", "iter", "next", "print", "isinstance", "type", "zip"}
)
_ORDERING = ("shuffle", "sampler", "batch_sampler")
_KEEPS = frozenset({"append", "extend", "cat", "stack", "concatenate", "vstack", "hstack"})


def argument(loader: Loader, name: str) -> Value | None:
    """What the loader was given as `name`, by position or by keyword."""
    return loader.call.arguments.get(_POSITIONS.get(name), name)


def written(loader: Loader, name: str) -> ast.expr | None:
    """How that argument is written in the call; None where it is not, or a starred argument may hold it."""
    call = loader.call.node
    position = _POSITIONS.get(name)
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    if position is not None and position < len(call.args):
        return call.args[position]
    return next((each.value for each in call.keywords if each.arg == name), None)


def switch(loader: Loader, name: str) -> bool | None:
    """Whether `shuffle` or `drop_last` is on; None where the source does not say."""
    given = argument(loader, name)
    if given is None:
        return False if loader.call.arguments.complete else None
    if isinstance(given, Literal) and (given.value is None or isinstance(given.value, bool)):
        return bool(given.value)
    return None


def plain(loader: Loader, script: Script) -> bool:
    """Whether the loader takes its dataset one batch after the other, by nobody's sampler or way of batching."""
    custom = (argument(loader, name) for name in ("sampler", "batch_sampler"))
    size = argument(loader, "batch_size")
    unbatched = isinstance(size, Literal) and size.value is None
    return in_sight(loader, script, *_ORDERING) and all(map(_is_none, custom)) and not unbatched


def in_sight(loader: Loader, script: Script, *names: str) -> bool:
    """Whether the call shows what the loader is given by these names; a batch size may come out of a dict, unless None.

    A dict given as `**options` may have got more since it was made, so all that the file does with it is looked at.
    """
    call = loader.call
    if all(each.arg is not None for each in call.node.keywords):
        return call.arguments.complete
    if any(isinstance(each, ast.Starred) for each in call.node.args):
        return False
    more = spread(script, call.node)
    if more is None or any(
        isinstance(each, ast.Constant) and each.value is None for each in more.get("batch_size", [])
    ):
        return False
    return not more.keys() & {"dataset", *names}


def _is_none(value: Value | None) -> bool:
    return value is None or (isinstance(value, Literal) and value.value is None)


def batch_size(loader: Loader) -> int | None:
    """The number of samples in a batch, where the source determines it."""
    given = argument(loader, "batch_size")
    if given is None:
        return 1 if loader.call.arguments.complete else None
    found = number(given)
    return found if isinstance(found, int) else None


def length(dataset: Value) -> int | None:
    """The number of samples of a dataset made of tensors, or of a tensor, where the source determines it."""
    if isinstance(dataset, Made) and dataset.dotted == "torch.utils.data.TensorDataset":
        sizes = {size_of(each) for each in dataset.arguments.positional}
        return sizes.pop() if len(sizes) == 1 else None
    return size_of(dataset)


def whole(loader: Loader) -> bool:
    """Whether one batch holds the whole dataset, so that its order is no matter."""
    rows, size = length(loader.dataset), batch_size(loader)
    if rows is not None and size is not None:
        return size >= rows
    given = argument(loader, "batch_size")
    return isinstance(given, Made) and isinstance(given.callee, Imported) and given.callee.dotted == "len"


def even(loader: Loader) -> bool:
    """Whether the batches certainly divide the dataset without a rest."""
    rows, size = length(loader.dataset), batch_size(loader)
    return bool(rows and size and rows % size == 0)


@dataclass(frozen=True, eq=False)
class Training:
    """A loop that trains on the batches of a loader, and the loop of epochs around it."""

    loader: Loader
    loop: Loop
    epochs: Loop


class Draws:
    """Who draws from the loaders of a script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.roles = roles_of(script)

    @cached_property
    def training(self) -> list[Training]:
        """The loops over loaders that step an optimizer and are gone through more than once."""
        return [each for loader in self.roles.loaders for each in self._training(loader)]

    def loops(self, loader: Loader) -> list[Loop]:
        """Every loop over this loader, alone or beside others that shuffle: its batches belong to none of theirs."""
        return [
            loop
            for source, loop in self.roles.loops
            if loader.call.result in options(source) or self._beside(loader.call.result, source)
        ]

    def _beside(self, loader: Value, source: Value) -> bool:
        if not isinstance(source, Made) or source.dotted != "zip" or loader not in source.arguments.positional:
            return False
        shuffling = {id(each.call.result) for each in self.roles.loaders if switch(each, "shuffle")}
        others = [each for each in source.arguments.positional if each is not loader]
        return bool(others) and all(id(each) in shuffling for each in others)

    def _training(self, loader: Loader) -> Iterator[Training]:
        for loop in self.loops(loader):
            kinds = {each.kind for each in events(loop, EventKind.BACKWARD, EventKind.STEP)}
            epochs = self.epochs(loop, loader.call.event)
            steps = EventKind.STEP in kinds or self._steps_by_hand(loop)
            if EventKind.BACKWARD in kinds and steps and epochs is not None and loop.repeats:
                yield Training(loader, loop, epochs)

    def _steps_by_hand(self, loop: Loop) -> bool:
        """Whether a function of the program gets the parameters, as one that updates them by itself does."""
        return any(
            isinstance(call.callee, Function)
            and any(isinstance(each, Part) and each.key == "parameters" for each in call.arguments.all())
            and within(call.event, loop)
            for call in self.script.run.calls
        )

    def epochs(self, loop: Loop, made: Event) -> Loop | None:
        """The nearest loop that repeats `loop` over what was made once, before it."""
        around = [each for each in ancestors(loop) if isinstance(each, Loop) and isinstance(each.node, ast.stmt)]
        outer = [each for each in around if each.repeats and not within(made, each) and rounds(each) not in (0, 1)]
        return outer[0] if outer else None

    def _replaced(self, loader: Loader) -> bool:
        """Whether another thing than a loader of the script may stand in its place: one that shuffles by itself."""
        known = {id(each.call.result) for each in self.roles.loaders}
        drawn = [options(source) for source, _ in self.roles.loops]
        others = [each for several in drawn if loader.call.result in several for each in several]
        return any(id(each) not in known and not isinstance(each, Literal) for each in others)

    def serves_only_training(self, loader: Loader) -> bool:
        """Whether all that the call in the source makes is trained on, and nothing relies on the order elsewhere."""
        trained = {id(each.loop) for each in self.training}
        for other in (each for each in self.roles.loaders if each.call.node is loader.call.node):
            loops = self.loops(other)
            if not loops or any(_numbered(loop) for loop in loops) or self._replaced(other):
                return False
            if any(id(loop) not in trained and _keeps(loop) for loop in loops):
                return False
            if any(map(_out_of_sight, (call.callee for call in given_to(self.script, other.call.result)))):
                return False
        return True


def rounds(loop: Loop) -> int | None:
    """How often a loop over a range or a list goes round, where the source determines it."""
    around = next(ancestors(loop), None)
    draws = [each for each in around.items if isinstance(each, Event)] if isinstance(around, Block) else []
    for draw in draws:
        if draw.kind is EventKind.DRAW and loop_of(draw) is loop:
            return _counted(drawn_from(draw.subject))
    return None


def _counted(drawn: Value | None) -> int | None:
    if isinstance(drawn, Items) and drawn.complete and drawn.each is None:
        return len(drawn.items)
    if isinstance(drawn, Made) and drawn.dotted == "range":
        bounds = [number(each) for each in drawn.arguments.positional]
        known = [each for each in bounds if isinstance(each, int)]
        sound = len(known) == len(bounds) and 1 <= len(known) <= 3 and 0 not in known[2:]
        return len(range(*known)) if sound else None
    return None


def _out_of_sight(callee: Value) -> bool:
    """Whether calling this with a loader may rely on its order in a way that nobody can see."""
    if isinstance(callee, Function | Class):
        return False
    name = str(getattr(callee, "dotted", None) or getattr(callee, "key", ""))
    return name.rpartition(".")[2] not in _READS | {"prepare", "setup", "setup_dataloaders"}


def _keeps(loop: Loop) -> bool:
    """Whether a loop gathers what it makes of the batches, which keeps their order."""
    calls = [each.node for each in events(loop, EventKind.CALL)]
    return any(isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _KEEPS for node in calls)


def _numbered(loop: Loop) -> bool:
    """Whether the loop finds something by the number of the batch: what was stored for it in the epoch before."""
    match loop.node:
        case ast.For(iter=ast.Call(func=ast.Name(id="enumerate")), target=ast.Tuple(elts=[ast.Name(id=index), _])):
            keys = [node.slice for node in walk(loop.node) if isinstance(node, ast.Subscript)]
            return any(isinstance(each, ast.Name) and each.id == index for key in keys for each in walk(key))
    return False
