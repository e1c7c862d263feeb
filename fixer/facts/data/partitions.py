"""How data are divided: which rows of one array, tensor or dataset serve training, and which evaluation."""

from __future__ import annotations

import ast
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from fixer.facts.data.roles import Role, role_of_name, roles_of
from fixer.facts.data.splits import Selection, cut, last_cut
from fixer.facts.program.values import Items, Made, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.row_ranges import bounds_of, rows_of, size_of, unsaid
from fixer.facts.tensors.shapes import same_data

_SUBSET = "torch.utils.data.Subset"
_ROWS = re.compile(r"idx|ind(?:ex|ices)|(?<![a-z])(?:ids?|rows|nodes)(?![a-z])")
_SHARES = (0.11, 0.37, 0.23)
"""What the numbers are tried as that the source does not say, as parts of the data."""
_RANGES = frozenset({"range", "torch.arange", "numpy.arange"})


@dataclass(frozen=True, eq=False)
class Piece:
    """Rows in a row of `base`: a slice of it, or a `Subset` over a range. `node` is the subscript or the range."""

    base: Value
    node: ast.expr
    lower: ast.expr | None
    """How the first bound is written; None where it is left out."""
    upper: ast.expr | None
    role: Role
    selection: Selection | None = None
    limits: tuple[Value, ...] = ()
    """What a range of numbers is given."""

    def rows(self, size: int, others: dict[Hashable, int] | None = None) -> range | None:
        """The rows that it takes of `size`, with what `others` say; None where that depends on something else."""
        if self.selection is None:
            counted = rows_of(self.limits, self._sizes(size), others)
            return counted if counted is not None and 0 <= counted.start < counted.stop <= size else None
        found = bounds_of(self.selection, self._sizes(size), others)
        return None if found is None else range(size)[found]

    def unsaid(self, size: int) -> set[Hashable]:
        """The numbers in its bounds that the source does not say."""
        bounds = self.limits if self.selection is None else map(self.selection.bound, ("lower", "upper"))
        return unsaid(bounds, self._sizes(size))

    def _sizes(self, size: int) -> dict[int, int]:
        whole = cut(self.base)
        sizes = {id(self.base): size}
        if all(each.permutes for each in whole.selections):
            sizes[id(whole.root)] = size
        return sizes

    @property
    def written(self) -> tuple[str | None, str | None]:
        """Its bounds, as they are written."""
        return _dump(self.lower), _dump(self.upper)


def _dump(node: ast.expr | None) -> str | None:
    return None if node is None else ast.dump(node)


@dataclass(frozen=True)
class Overlap:
    """An evaluation piece that shares rows with a training piece of the same data, and has rows of its own."""

    training: Piece
    evaluation: Piece
    begins_inside: bool
    """Whether it is the first rows of the evaluation piece that are shared; False: the last ones."""
    share: float
    """The part of the training rows that are shared, at least."""


class Partitions:
    """The pieces of a script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.roles = roles_of(script)

    @cached_property
    def overlaps(self) -> list[Overlap]:
        """Evaluation pieces that overlap a training piece, whatever the size of the data."""
        pieces = self.pieces
        found = []
        for evaluation in (each for each in pieces if each.role is Role.EVALUATION):
            same = [each for each in pieces if each.base is evaluation.base]
            training = [each for each in same if each.role is Role.TRAINING]
            if len(training) == 1 and not self._cut_otherwise(training[0], evaluation):
                overlap = _overlap(training[0], evaluation)
                if overlap is not None:
                    found.append(overlap)
        return found

    def _cut_otherwise(self, training: Piece, evaluation: Piece) -> bool:
        """Whether other data are cut like one of the two, but not like both: then inputs and targets do not match."""
        function = self.script.function_of(evaluation.node)
        near = [each for each in self.pieces if self.script.function_of(each.node) is function]
        others = [each for each in near if each.base is not training.base]
        for other in {id(each.base): each.base for each in others}.values():
            bounds = {
                role: {each.written for each in others if each.base is other and each.role is role} for role in Role
            }
            alike = training.written in bounds[Role.TRAINING], evaluation.written in bounds[Role.EVALUATION]
            if any(alike) and not all(alike) and all(bounds.values()):
                return True
        return False

    @cached_property
    def pieces(self) -> list[Piece]:
        """Every piece whose use is known, in the order in which the program first uses them."""
        found: dict[ast.expr, Piece] = {}
        for call in self.script.run.calls if self.script.run.complete else ():
            if call.dotted == _SUBSET and len(call.arguments.positional) == 2:
                self._add(found, self._ranged(call.node, *call.arguments.positional))
            for value in call.arguments.all():
                for each in _parts(value):
                    for selection in cut(each).selections:
                        self._add(found, self._sliced(selection))
        for table in self._tables:
            self._named(found, table)
        return list(found.values())

    def _named(self, found: dict[ast.expr, Piece], table: dict[str, Value]) -> None:
        """The pieces that names like `test_idx` hold: slices, and ranges of numbers that tell rows."""
        numbers = Value()
        for name, value in table.items():
            role = role_of_name(name)
            if role is None:
                continue
            for selection in last_cut(value, any_of=True).selections:
                self._add(found, self._sliced(selection))
            rows = same_data(value)
            if _ROWS.search(name.lower()) and isinstance(rows, Made):
                self._add(found, self._range(rows, numbers, role))

    @cached_property
    def _tables(self) -> list[dict[str, Value]]:
        """What the names of the module, of its functions, and of its objects hold."""
        run = self.script.run
        return [*(each.values for each in run.scopes), *(each.attributes for each in run.objects)]

    def _add(self, found: dict[ast.expr, Piece], piece: Piece | None) -> None:
        if piece is not None:
            found.setdefault(piece.node, piece)

    def _sliced(self, selection: Selection) -> Piece | None:
        role = self._role(selection.node, selection.part) if selection.slice is not None else None
        if role is None or selection.slice is None or selection.bound("step") is not None:
            return None
        written = selection.slice
        return Piece(same_data(selection.base), selection.node, written.lower, written.upper, role, selection)

    def _ranged(self, call: ast.Call, dataset: Value, rows: Value) -> Piece | None:
        """`Subset(dataset, range(...))`."""
        while isinstance(rows, Made) and rows.dotted == "list" and len(rows.arguments.positional) == 1:
            rows = rows.arguments.positional[0]
        role = self._role(call, None)
        return self._range(rows, dataset, role) if role is not None and isinstance(rows, Made) else None

    def _range(self, rows: Made, base: Value, role: Role) -> Piece | None:
        """The rows of `base` that a range of numbers tells."""
        if rows.dotted not in _RANGES or not isinstance(rows.node, ast.Call):
            return None
        limits, written = rows.arguments.positional, rows.node.args
        if len(limits) not in (1, 2) or len(written) != len(limits):
            return None
        lower = written[0] if len(written) == 2 else None
        return Piece(base, rows.node, lower, written[-1], role, limits=tuple(limits))

    def _role(self, node: ast.expr, value: Value | None) -> Role | None:
        """What the rows serve, by the names that they are given, else by the loops over the dataset made of them."""
        said = {role for role in map(role_of_name, self._names(node, value)) if role is not None}
        if said:
            return said.pop() if len(said) == 1 else None
        around: ast.AST = node
        while isinstance(around, ast.expr):
            used = {self.roles.of(each.result) for each in self.script.run.calls if each.node is around} - {None}
            if used:
                return used.pop() if len(used) == 1 else None
            around = self.script.parents[around]
        return None

    def _names(self, node: ast.expr, value: Value | None) -> Iterator[str]:
        yield from self.script_names.get(id(value), ())
        inner: ast.AST = node
        while not isinstance(inner, ast.stmt):
            outer = self.script.parents[inner]
            match outer:
                case ast.keyword(arg=str(name)):
                    yield name
                case ast.Dict(keys=keys, values=values) if inner in values:
                    key = keys[values.index(inner)]
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value
            inner = outer
        for target in _targets(inner, node):
            yield target.id if isinstance(target, ast.Name) else target.attr

    @cached_property
    def script_names(self) -> dict[int, list[str]]:
        """The names by which the module and the objects of the program know a value, by its identity."""
        found: dict[int, list[str]] = {}
        for table in self._tables:
            for name, value in table.items():
                found.setdefault(id(same_data(value)), []).append(name)
        return found


def _targets(statement: ast.stmt, node: ast.expr) -> list[ast.Name | ast.Attribute]:
    """What an assignment binds the part of its value to that holds `node`."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    match statement:
        case ast.Assign(targets=targets, value=value):
            pairs = [(target, value) for target in targets]
        case ast.AnnAssign(target=single, value=ast.expr() as value):
            pairs = [(single, value)]
    found: list[ast.Name | ast.Attribute] = []
    for target, value in pairs:
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            inner = zip(target.elts, value.elts, strict=False)
            found += [each for each, part in inner if _holds(part, node) and isinstance(each, ast.Name | ast.Attribute)]
        elif isinstance(target, ast.Name | ast.Attribute):
            found.append(target)
    return found


def _holds(outer: ast.expr, node: ast.expr) -> bool:
    return any(each is node for each in walk(outer))


def _parts(value: Value) -> list[Value]:
    """The values in an argument: those of a list, and each of several possible ones."""
    return [part for each in options(value) for part in (each.items if isinstance(each, Items) else [each])]


def _overlap(training: Piece, evaluation: Piece) -> Overlap | None:
    """The overlap of two pieces, where there is the same one for data of any size."""
    size = size_of(training.base)
    found: list[Overlap | None] = []
    for each in [size] if size else _sizes(training, evaluation):
        open_numbers = sorted(training.unsaid(each) | evaluation.unsaid(each), key=repr)
        if len(open_numbers) > len(_SHARES):
            return None
        # whatever they are, in any order: so many rows each
        for shares in permutations(_SHARES, len(open_numbers)):
            others = {key: int(each * share) for key, share in zip(open_numbers, shares, strict=True)}
            found.append(_shared(training, evaluation, each, others))
    alike = [each for each in found if each is not None]
    if len(alike) < len(found) or len({each.begins_inside for each in alike}) != 1:
        return None
    return min(alike, key=lambda each: each.share)


def _sizes(*pieces: Piece) -> list[int]:
    """Sizes to try where the source does not give one: larger than every bound."""
    written = [node for piece in pieces for node in (piece.lower, piece.upper) if node is not None]
    numbers = [each.value for node in written for each in walk(node) if isinstance(each, ast.Constant)]
    least = max([1000, *(2 * int(each) for each in numbers if isinstance(each, int | float) and abs(each) < 1e15)])
    return [least, 3 * least + 7, 40 * least + 1]


def _shared(training: Piece, evaluation: Piece, size: int, others: dict[Hashable, int]) -> Overlap | None:
    first, second = training.rows(size, others), evaluation.rows(size, others)
    if not first or not second:
        return None
    if first.start < second.start < first.stop < second.stop:
        return Overlap(training, evaluation, True, (first.stop - second.start) / len(first))
    if second.start < first.start < second.stop < first.stop:
        return Overlap(training, evaluation, False, (second.stop - first.start) / len(first))
    return None
