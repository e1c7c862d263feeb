"""Which rows of which source a tensor holds, so that inputs and targets cut at different places are told apart.

A slice is a view: its base and its offset say where it was cut. Copies that keep the rows (`.float()`, `torch.tensor`,
...) inherit that, and so do permutations, as the name of the order.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import sys
import weakref
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple

import torch

from .draws import Draws, is_drawn
from .draws import install as install_draws
from .record import Recorder

KEEPS_ROWS = (
    "float", "double", "half", "bfloat16", "int", "long", "short", "bool", "to", "type", "clone", "contiguous",
    "detach", "view", "reshape", "unsqueeze", "squeeze", "flatten", "cpu", "requires_grad_",
)  # fmt: skip
NEEDED = 3
"""A shift that alone proves nothing may be a forecast on purpose; beyond this part of the data it is not: 1/10."""
LARGE_PART = 10


class Rows(NamedTuple):
    """`length` rows from `start` on, of the `total` of source number `source`, put in `order` (None: as they were)."""

    source: int
    total: int
    start: int
    length: int
    order: Optional[str]


class Sources:
    """Numbers for tensors and arrays that others were cut from, and the rows that copies hold."""

    def __init__(self) -> None:
        self.numbers: Dict[int, Tuple[Any, int]] = {}
        self.known: Dict[int, Tuple[Any, Rows]] = {}
        self.count = itertools.count(1)
        self.present: Set[Tuple[Optional[str], int]] = set()
        """Which sources were there when an order was given to another of as many rows."""

    def number(self, thing: Any) -> int:
        found = self.numbers.get(id(thing))
        if found is None or found[0]() is not thing:
            key = id(thing)
            forget = weakref.ref(thing, lambda _: self.numbers.pop(key, None) and None)
            found = self.numbers[key] = (forget, next(self.count))
        return found[1]

    def remember(self, thing: Any, rows: Optional[Rows]) -> None:
        if rows is not None:
            key = id(thing)
            self.known[key] = (weakref.ref(thing, lambda _: self.known.pop(key, None) and None), rows)

    def recall(self, thing: Any) -> Optional[Rows]:
        found = self.known.get(id(thing))
        return found[1] if found is not None and found[0]() is thing else None

    def rows(self, thing: Any) -> Optional[Rows]:
        """Where the rows of a tensor or array come from; None when it is nobody's slice."""
        known = self.recall(thing)
        if known is not None:
            return known
        if isinstance(thing, torch.Tensor):
            base = thing._base
            if base is None or thing.is_sparse or not thing.dim() or not base.dim():
                return None
            row = int(base.stride(0) if base.dim() >= thing.dim() else thing.stride(0))
            offset = int(thing.storage_offset()) - int(base.storage_offset())
            return self._cut(base, base.numel(), row, offset, int(thing.shape[0]) if thing.stride(0) == row else 1)
        base = _array_base(thing)
        if base is None:
            return None
        row = thing.strides[0]
        offset = thing.__array_interface__["data"][0] - base.__array_interface__["data"][0]
        return self._cut(base, base.nbytes, row, offset, thing.shape[0])

    def whole(self, thing: Any, known_only: bool = False) -> Optional[Rows]:
        """`rows`, or the thing itself as its own source; with `known_only` if something was cut from it before."""
        found = self.rows(thing)
        if found is not None or not _has_rows(thing):
            return found
        if known_only and id(thing) not in self.numbers:
            return None
        return Rows(self.number(thing), thing.shape[0], 0, thing.shape[0], None)

    def witness(self, rows: Rows, frame: Any) -> None:
        """Note what else of as many rows the code that gave this order has at hand."""
        around = [*frame.f_locals.values(), *getattr(frame.f_locals.get("self"), "__dict__", {}).values()]
        for thing in around:
            if _has_rows(thing) and thing.shape[0] == rows.length:
                other = self.whole(thing)
                if other is not None:
                    self.present.add((rows.order, other.source))

    def _cut(self, base: Any, content: int, row: int, offset: int, length: int) -> Optional[Rows]:
        if row <= 0 or offset < 0:
            return None
        start = offset // row
        outer = self.recall(base)
        if outer is not None:
            return outer._replace(start=outer.start + start, length=length)
        return Rows(self.number(base), content // row, start, length, None)


def _array_base(thing: Any) -> Any:
    """The array that owns the memory of `thing`, if it is a view of one."""
    kind = type(thing)
    if kind.__name__ != "ndarray" or not thing.ndim:
        return None
    base = thing.base
    while type(base) is kind and type(base.base) is kind:
        base = base.base
    return base if type(base) is kind else None


def _has_rows(thing: Any) -> bool:
    return (isinstance(thing, torch.Tensor) and thing.dim() > 0) or (
        type(thing).__name__ == "ndarray" and thing.ndim > 0
    )


class Pairs:
    """The pairs that were seen, and which of them cannot be right."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.sources = Sources()
        self.shifts: Dict[Tuple[int, int], Dict[int, Tuple[Rows, Rows]]] = {}
        self.wrong: Set[str] = set()
        self.checked = 0
        self.fed: Optional[Rows] = None
        self.draws = Draws(recorder, self.sources)
        recorder.on_target.append(self.compared)
        recorder.last_checks.append(self.conclude)

    def model_input(self, tensor: Any) -> None:
        self.fed = self.sources.whole(tensor, known_only=True)
        self.draws.fed(self.fed)

    def compared(self, target: Any) -> None:
        """A loss compares what the model made of `fed` with `target`."""
        fed, self.fed = self.fed, None
        rows = self.sources.whole(target, known_only=True) if isinstance(target, torch.Tensor) else None
        if rows is None:
            return
        if is_drawn(rows) and (fed is None or is_drawn(fed)):
            self.draws.compare(rows)
            return
        one_kind = fed is not None and is_drawn(fed) <= bool(rows.order) and is_drawn(rows) <= bool(fed.order)
        # Scores on shuffled inputs or targets are computed on purpose; training on them is not.
        if fed is not None and one_kind and (fed.order == rows.order or torch.is_grad_enabled()):
            self.pair(fed, rows)

    def dataset(self, dataset: Any) -> None:
        """The arrays of a dataset that have one row for each sample belong together."""
        try:
            length = len(dataset)
            columns = [*getattr(dataset, "tensors", ()), *vars(dataset).values()]
        except (TypeError, NotImplementedError):
            return
        found: List[Rows] = []
        for column in columns:
            if _has_rows(column) and column.shape[0] == length:
                rows = self.sources.whole(column)
                if rows is not None:
                    found.append(rows)
        for first, second in itertools.combinations(found, 2):
            self.pair(first, second)

    def pair(self, first: Rows, second: Rows) -> None:
        if first.total != second.total or first.length != second.length:
            return
        self.checked += 1
        if first.order != second.order:
            self._ordered_apart(first, second)
            return
        self.shifts.setdefault((first.source, second.source), {}).setdefault(
            second.start - first.start, (first, second)
        )

    def _ordered_apart(self, first: Rows, second: Rows) -> None:
        if first.order and second.order:
            self.wrong.add("each was put in an order of its own")
            return
        ordered, plain = (first, second) if first.order else (second, first)
        # Targets made from inputs that had been put in order already are in that order.
        if (ordered.order, plain.source) in self.sources.present:
            self.wrong.add("only one of them was put in another order")

    def conclude(self) -> None:
        for aligned in self.draws.aligned.values():
            self.checked += 1
            if not aligned:
                self.wrong.add("two loaders drew them in different orders")
        if self.draws.together and not self.checked:
            self.checked = 1
        for (one, other), shifts in self.shifts.items():
            for shift, (first, second) in shifts.items():
                contradicted = len(shifts) > 1 and shift != 0
                far = one != other and abs(shift) * LARGE_PART >= first.total
                if contradicted or (far and shift != 0):
                    self.wrong.add(
                        "rows {} to {} of {} go with rows {} to {}".format(
                            first.start, first.start + first.length - 1, first.total,
                            second.start, second.start + second.length - 1,
                        )
                    )  # fmt: skip
        if self.checked:
            tally = self.recorder.tally("misaligned-pairs")
            tally.checked, tally.shown = self.checked, len(self.wrong)
            if self.wrong:
                tally.first_step = 1
                tally.detail = "Inputs and targets that are paired were not cut alike: {}.".format(
                    "; ".join(sorted(self.wrong)[:3])
                )


def install(recorder: Recorder) -> None:
    """Follow rows through slices, copies and permutations."""
    pairs = recorder.pairs = Pairs(recorder)
    sources = pairs.sources

    def inheriting(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def method(first: Any, *arguments: Any, **options: Any) -> Any:
            result = original(first, *arguments, **options)
            if recorder.active and result is not first and isinstance(result, torch.Tensor):
                rows = sources.rows(first)
                if rows is not None and result.dim() and result.shape[0] == first.shape[0]:
                    sources.remember(result, rows)
                elif rows is None and type(first).__name__ == "ndarray" and _has_rows(result):
                    sources.remember(result, sources.whole(first))
            return result

        return method

    for name in KEEPS_ROWS:
        setattr(torch.Tensor, name, inheriting(getattr(torch.Tensor, name)))
    for name in ("tensor", "as_tensor", "from_numpy"):
        function = getattr(torch, name)
        setattr(torch, name, inheriting(function))
        scriptable(function, getattr(torch, name))
    original = torch.Tensor.__getitem__

    @functools.wraps(original)
    def getitem(self: Any, index: Any) -> Any:
        result = original(self, index)
        if recorder.active and isinstance(index, torch.Tensor) and index.dim() == 1 and index.dtype is torch.int64:
            rows = _permuted(sources.whole(self), index)
            if rows is not None:
                sources.remember(result, rows)
                sources.witness(rows, sys._getframe(1))
        return result

    torch.Tensor.__getitem__ = getitem  # type: ignore[method-assign]
    install_draws(recorder, pairs.draws, Rows)


def scriptable(original: Any, wrapper: Any) -> None:
    """Let TorchScript take the wrapper for the operator that it wraps."""
    from torch.jit import _builtins

    operator = _builtins._find_builtin(original)  # type: ignore[no-untyped-call]
    if operator is not None:
        _builtins._register_builtin(wrapper, operator)


def _permuted(rows: Optional[Rows], index: torch.Tensor) -> Optional[Rows]:
    """The rows after `tensor[index]`, if `index` puts all of them in another order."""
    if rows is None or index.shape[0] != rows.length or index.shape[0] < NEEDED:
        return None
    in_order = torch.arange(index.shape[0])
    index = index.detach().cpu()
    if torch.equal(index, in_order):
        return rows
    if not torch.equal(torch.sort(index)[0], in_order):
        return None
    name = hashlib.blake2b(repr((rows.order, rows.start, index.tolist())).encode(), digest_size=8).hexdigest()
    return rows._replace(order=name)
