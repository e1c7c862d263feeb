"""Which rows of which data: slices and index selections of arrays and tensors, and which of them belong together."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from fixer.facts.program.values import Choice, Computed, Items, Literal, Made, Part, Value
from fixer.facts.tensors.shapes import Form, form, row_count, same_data, term

_PERMUTATIONS = frozenset({"torch.randperm", "numpy.random.permutation"})
_SPLIT_WORD = re.compile(r"(?<![a-z])(?:train|test|valid|val|dev)(?![a-z])")


@dataclass(frozen=True, eq=False)
class Selection:
    """Rows taken from `base` by a slice or an index array. `node` is the subscript."""

    node: ast.Subscript
    base: Value
    rows: Value
    part: Part

    @property
    def slice(self) -> ast.Slice | None:
        return self.rows.node if isinstance(self.rows.node, ast.Slice) else None

    @property
    def rows_node(self) -> ast.expr:
        """What stands in the brackets for the rows."""
        key = self.node.slice
        return key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key

    def bound(self, name: str) -> Value | None:
        """The value of the slice's "lower", "upper" or "step"; None where it is left out."""
        assert self.slice is not None
        given = [each for each in ("lower", "upper", "step") if getattr(self.slice, each) is not None]
        operands = self.rows.operands if isinstance(self.rows, Computed) else []
        found = dict(zip(given, operands, strict=False)).get(name)
        return None if isinstance(found, Literal) and found.value is None else found

    @property
    def permutes(self) -> bool:
        """Whether it puts all rows into a random order."""
        rows = self.rows
        if isinstance(rows, Made):
            return rows.dotted in _PERMUTATIONS
        return isinstance(rows, Part) and rows.how == "method" and rows.key == "permutation"


@dataclass(frozen=True, eq=False)
class Cut:
    """Where a value comes from: the data at its root, and the selections of rows since, in order."""

    root: Value
    selections: tuple[Selection, ...] = ()


def cut(value: Value, any_of: bool = False) -> Cut:
    """Follow `value` back through conversions and selections of rows.

    With `any_of`, where one expression may have several values, through the first of them.
    """
    found: list[Selection] = []
    value = _single(value) if any_of else same_data(value)
    while isinstance(value, Part) and value.how == "subscript" and value.key is None and len(found) < 8:
        rows = value.holds[0] if value.holds else None
        if isinstance(rows, Items) and rows.items:
            rows = rows.items[0]
        if rows is None or isinstance(rows, Literal) or not isinstance(value.node, ast.Subscript):
            break
        found.append(Selection(value.node, value.base, rows, value))
        value = _single(value.base) if any_of else same_data(value.base)
    return Cut(value, tuple(reversed(found)))


def last_cut(value: Value, any_of: bool = False) -> Cut:
    """The cut of a value; rows that were folded after they were taken, `x[:n].reshape(-1, 1)`, are those rows."""
    inner = same_data(value)
    match inner:
        case Part(how="method", key="reshape" | "view", base=base, arguments=given) if given and given.positional:
            first = given.positional[0]
            if isinstance(first, Literal) and first.value == -1:
                return cut(base, any_of)
    return cut(value, any_of)


def _single(value: Value) -> Value:
    """What `value` was converted from; of several values of one expression, the first."""
    value = same_data(value)
    while isinstance(value, Choice) and len({id(each.node) for each in value.options}) == 1:
        value = same_data(value.options[0])
    return value


@dataclass(frozen=True)
class Offset:
    """How far the bounds of the inputs' slice lie from those of the targets' slice."""

    lower: Form
    upper: Form
    fixed: bool
    """Whether neither slice depends on where the data end."""

    @property
    def aligned(self) -> bool:
        return self.lower.is_zero and self.upper.is_zero

    @property
    def changes_length(self) -> bool:
        """Whether the slices differ in length for certain."""
        length = self.upper.plus(self.lower, -1)
        return length.is_number and not length.is_zero


_END = ("end of the data",)


def offset(inputs: Selection, targets: Selection) -> Offset | None:
    """Compare two slices; None where one of them is not a plain slice."""
    if inputs.slice is None or targets.slice is None or inputs.bound("step") or targets.bound("step"):
        return None
    sizes = {row_count(inputs.base), row_count(targets.base)}
    size = sizes.pop() if len(sizes) == 1 else None
    same_rows = frozenset({id(same_data(inputs.base)), id(same_data(targets.base))})
    found = [_bound(each, name, size, same_rows) for name in ("lower", "upper") for each in (inputs, targets)]
    fixed = not any(_END in dict(each.terms) for each in found)
    return Offset(found[0].plus(found[1], -1), found[2].plus(found[3], -1), fixed)


def _bound(selection: Selection, name: str, size: int | None, same_rows: frozenset[int]) -> Form:
    """A bound counted from the first row; from the end where it is negative or left out and the size is not known."""
    end = Form(size) if size is not None else Form(0, frozenset({(_END, 1)}))
    value = selection.bound(name)
    if value is None:
        return end if name == "upper" else Form()
    found = form(value, same_rows)
    negated = isinstance(value.node, ast.UnaryOp) and isinstance(value.node.op, ast.USub) and found.constant <= 0
    if negated or (found.is_number and found.constant < 0):
        found = found.plus(end)
    if size is not None and found.is_number:
        found = Form(min(found.constant, size))
    return found


def same_selection(inputs: Selection, targets: Selection) -> bool:
    """Whether both take the same rows."""
    compared = offset(inputs, targets)
    if compared is not None:
        return compared.aligned
    if inputs.slice is not None or targets.slice is not None:
        return ast.dump(inputs.rows_node) == ast.dump(targets.rows_node)
    return inputs.rows is targets.rows or term(inputs.rows) == term(targets.rows) or _same_cut(inputs, targets)


def _same_cut(inputs: Selection, targets: Selection) -> bool:
    left, right = cut(inputs.rows), cut(targets.rows)
    return (
        left.root is right.root
        and len(left.selections) == len(right.selections) > 0
        and all(same_selection(a, b) for a, b in zip(left.selections, right.selections, strict=True))
    )


def random_order(inputs: Selection, targets: Selection) -> bool:
    """Whether one takes the rows `order[a:b]` of a random order, and the other the rows `a:b` themselves."""
    for one, other in ((inputs, targets), (targets, inputs)):
        drawn = cut(one.rows).selections if one.slice is None and other.slice is not None else ()
        if len(drawn) == 1 and drawn[0].slice is not None and same_selection(drawn[0], other):
            order = cut(one.rows).root
            if replace(drawn[0], rows=order).permutes:
                return True
    return False


def other_side(inputs: Selection, targets: Selection) -> bool:
    """Whether one takes the rows up to a bound, and the other those from there on."""
    sides = []
    for one, other in ((inputs, targets), (targets, inputs)):
        if one.slice is None or other.slice is None or one.bound("step") or other.bound("step"):
            return False
        upper, lower = one.bound("upper"), other.bound("lower")
        outer = one.bound("lower") or other.bound("upper")
        sides.append(outer is None and upper is not None and lower is not None and form(upper) == form(lower))
    return any(sides)


def other_split(inputs: Selection, targets: Selection) -> bool:
    """Whether both take the rows of an index, of which the names tell them apart as training and evaluation."""
    stems = []
    for each in (inputs, targets):
        written = each.rows_node
        name = getattr(written, "attr", getattr(written, "id", ""))
        words = re.findall(_SPLIT_WORD, name)
        if len(words) != 1:
            return False
        stems.append((words[0], re.sub(_SPLIT_WORD, "", name)))
    return stems[0][0] != stems[1][0] and stems[0][1] == stems[1][1]
