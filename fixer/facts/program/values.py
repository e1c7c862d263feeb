"""What an expression stands for. Values are objects with identity: two names for one optimizer are one value.

`Unknown` is a value like any other: the interpreter never guesses, and a rule that meets one keeps silent.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fixer.facts.program.environment import Environment
    from fixer.facts.program.training import Block

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(eq=False)
class Value:
    """Base of all values. `node` is the expression or definition that made it first."""

    node: ast.AST | None = None
    attributes: dict[str, Value] = field(default_factory=dict)
    """Attributes that were assigned or read; reading makes a stable `Part`."""
    uses: set[str] = field(default_factory=set)
    """Names of the methods that the program calls on it."""
    holds: list[Value] = field(default_factory=list)
    """Values handed to it by calls out of sight, which it may act upon later."""


@dataclass(eq=False)
class Unknown(Value):
    """Nothing is known, except perhaps what the program calls it: a parameter's or an attribute's name."""

    hint: str = ""
    annotation: str | None = None
    """The dotted name of the annotation, for a parameter."""


@dataclass(eq=False)
class Literal(Value):
    """A constant of the language: a number, a string, None, True."""

    value: Any = None


@dataclass(eq=False)
class Items(Value):
    """A list, tuple or set display, or what a comprehension makes (`each`: one element that stands for all)."""

    items: list[Value] = field(default_factory=list)
    each: Value | None = None
    complete: bool = True
    """False when elements may have come or gone out of sight (append, a starred part)."""
    home: Block | None = None
    """For a list: where it was made. What is appended in the same block, or always from there, keeps its place."""
    grown: bool = False
    """Whether something was appended: elsewhere in the program it may have been shorter."""

    @property
    def known(self) -> bool:
        """Whether these are all elements, in their order."""
        return self.complete and self.each is None


@dataclass(eq=False)
class Mapping(Value):
    """A dict display or keyword arguments: literal keys only; `complete` as for Items."""

    items: dict[Any, Value] = field(default_factory=dict)
    complete: bool = True


@dataclass(eq=False)
class Imported(Value):
    """A module, class or function from elsewhere, by its dotted name."""

    dotted: str = ""
    importer: str | None = None
    """The file whose import names it so; None: the one at hand."""


@dataclass(eq=False)
class Function(Value):
    """A function, method or lambda of this file. `owner` is the object it is bound to."""

    function: FunctionNode | None = None
    scope: Environment | None = None
    owner: Value | None = None
    definer: Class | None = None
    """The class whose body holds it, for `super()`."""
    opaque: bool = False
    """A decorator out of sight wraps it: calling it may do more than its body says."""


@dataclass(eq=False)
class Class(Value):
    """A class of this file."""

    definition: ast.ClassDef | None = None
    bases: list[Value] = field(default_factory=list)
    members: dict[str, Value] = field(default_factory=dict)

    def mro(self) -> Iterator[Value]:
        """This class and its bases, nearest first; those from elsewhere are `Imported` or `Unknown`."""
        yield self
        for base in self.bases:
            if isinstance(base, Class):
                yield from base.mro()
            else:
                yield base

    def find(self, name: str) -> Value | None:
        """The member `name` of this class or of its bases in this file."""
        for cls in self.mro():
            if isinstance(cls, Class) and name in cls.members:
                return cls.members[name]
        return None


@dataclass(eq=False)
class Arguments:
    """What a call was given. `complete` is False where `*args` or `**kwargs` out of sight may add more."""

    positional: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    complete: bool = True

    def get(self, position: int | None, name: str) -> Value | None:
        """The argument given as `name` or at `position` (from 0)."""
        if name in self.keywords:
            return self.keywords[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None

    def all(self) -> list[Value]:
        return [*self.positional, *self.keywords.values()]


@dataclass(eq=False)
class Made(Value):
    """What a call returned: an instance, or the result of a function out of sight. `node` is the `ast.Call`."""

    callee: Value = field(default_factory=Unknown)
    arguments: Arguments = field(default_factory=Arguments)
    built: Items | None = None
    """For a container of modules: what it was made with and what was added, in order."""
    held: int | None = None
    """For a call of such a container: how many modules it held then; for the container, at its last call."""

    @property
    def dotted(self) -> str | None:
        """The dotted name of what was called, if it is imported."""
        return self.callee.dotted if isinstance(self.callee, Imported) else None

    @property
    def cls(self) -> Class | None:
        """The class of this file that it is an instance of."""
        return self.callee if isinstance(self.callee, Class) else None


@dataclass(eq=False)
class Part(Value):
    """Something read from another value: `base.key`, `base[key]`, an element of it, or what `base.key(...)` returned.

    `how` is "attribute", "subscript", "element" or "method". A subscript's key is the literal, or None.
    """

    base: Value = field(default_factory=Unknown)
    how: str = "attribute"
    key: Any = None
    arguments: Arguments | None = None


@dataclass(eq=False)
class Computed(Value):
    """The result of an operator, a comparison or an f-string on `operands`."""

    operands: list[Value] = field(default_factory=list)


@dataclass(eq=False)
class Augmented(Unknown):
    """What `x += y` leaves: another number, but of a tensor, which is changed in place, one of the same shape."""

    before: Value = field(default_factory=Unknown)


@dataclass(eq=False)
class Choice(Value):
    """One of several values, depending on the path: assigned under a branch, changed in a loop, `a if c else b`."""

    options: list[Value] = field(default_factory=list)


def options(value: Value) -> list[Value]:
    """The values that `value` may be: itself, or the options of a choice (flattened)."""
    if isinstance(value, Choice):
        return [each for option in value.options for each in options(option)]
    return [value]


def join(values: list[Value]) -> Value:
    """One value for several paths: the common one where they agree (equal literals count), else a choice."""
    if len(values) == 1 or all(value is values[0] for value in values):
        return values[0]
    unique: list[Value] = []
    for value in (each for one in values for each in options(one)):
        if not any(value is other or _same_literal(value, other) for other in unique):
            unique.append(value)
    return unique[0] if len(unique) == 1 else Choice(options=unique[:16])


def _same_literal(left: Value, right: Value) -> bool:
    return (
        isinstance(left, Literal)
        and isinstance(right, Literal)
        and type(left.value) is type(right.value)
        and bool(left.value == right.value)
    )


def roots(value: Value) -> Iterator[Value]:
    """`value` and what it was read from: for `model.encoder.parameters()` that call, the attribute and the model."""
    for each in options(value):
        yield each
        if isinstance(each, Part):
            yield from roots(each.base)


_CHANGING = frozenset({"update", "setdefault", "pop", "popitem", "clear"})


def either(value: Value) -> dict[str, Value] | None:
    """What one of several dicts adds to a call, `{"num_workers": 1} if cuda else {}`: Unknown what some do not have.

    None where a dict is not known to the last key.
    """
    dicts = [each for each in options(value) if isinstance(each, Mapping) and each.complete and not each.holds]
    if len(dicts) != len(options(value)) or any(each.uses & _CHANGING for each in dicts):
        return None
    keys = dict.fromkeys(key for each in dicts for key in each.items)
    if not all(isinstance(key, str) for key in keys):
        return None
    return {key: join([each.items.get(key, Unknown()) for each in dicts]) for key in keys}
