"""What `__getitem__` does to the parts of a sample, one after the other, and which draw decides on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeGuard

from fixer.facts.data.sample_parts import Change, Part, moves, turns_over
from fixer.facts.program.environment import Environment
from fixer.facts.program.values import Function, Literal, Made, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.transforms.augmentation import has_draw, is_draw
from fixer.facts.transforms.pipelines import Pipeline, pipelines
from fixer.facts.transforms.transforms import V1, V2, Step


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RESEEDS = _words("manual_seed seed set_rng_state setstate set_state fork_rng RandomState default_rng Generator replay")
_FUNCTIONAL = (f"{V1}.functional.", f"{V2}.functional.")
_MOVING = _words(
    "hflip vflip horizontal_flip vertical_flip rotate affine crop resized_crop perspective elastic flip fliplr flipud "
    "rot90 roll mirror transpose warpAffine warpPerspective"
)
_READS = _words(
    "open imread read_image decode_image load loadtxt array asarray ascontiguousarray from_numpy tensor as_tensor "
    "zeros_like ones_like full_like empty_like "
    "fromarray convert copy clone contiguous long float int double byte bool astype to unsqueeze squeeze view reshape "
    "permute to_tensor pil_to_tensor to_image normalize resize cvtColor numpy str join get len zeros ones "
    "Mask Image BoundingBoxes to_dtype clip clamp expand_dims swapaxes moveaxis item tolist stack where unique sum "
    "max min size"
)


def item_parts(script: Script, made: Made) -> list[Part]:
    """The parts of the samples of a dataset of this file, in the order in which they are returned; [] where unsure."""
    method = made.cls.find("__getitem__") if made.cls else None
    if not isinstance(method, Function) or not isinstance(method.function, ast.FunctionDef):
        return []
    called = {
        getattr(n.func, "attr", getattr(n.func, "id", "")) for n in walk(method.function) if isinstance(n, ast.Call)
    }
    if called & _RESEEDS:
        return []
    reader = _Reader(script, made, method.function, method.scope)
    reader.block(method.function.body, None)
    return reader.returned if not reader.unsure else []


@dataclass
class _Reader:
    script: Script
    made: Made
    method: ast.FunctionDef
    scope: Environment | None
    parts: dict[str, list[Part]] = field(default_factory=dict)
    """What each local name holds: one part, or several in a dict or tuple."""
    drawn: set[str] = field(default_factory=set)
    returned: list[Part] = field(default_factory=list)
    unsure: bool = False

    def block(self, statements: list[ast.stmt], around: object) -> None:
        for statement in statements:
            match statement:
                case ast.Assign(targets=[target], value=value):
                    self.assign(statement, target, value, around)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self.assign(statement, target, value, around)
                case ast.Return(value=ast.expr() as value):
                    several = [self.of(statement, each, "", around) for each in _elements(value)]
                    found = [part for parts in several for part in parts]
                    known, new = ([each.names for each in parts] for parts in (self.returned, found))
                    if known and not (all(each in known for each in new) or all(each in new for each in known)):
                        self.unsure = True
                    self.returned = max(self.returned, found, key=len)
                case ast.If():
                    self.branch(statement, around)
                case ast.With(body=body):
                    self.block(body, around)
                case ast.For(iter=iterated, body=body, orelse=[]) if not self.random(iterated):
                    self.block(body, around)
                case ast.Expr() | ast.Assert() | ast.Pass() | ast.Raise() | ast.Import() | ast.ImportFrom():
                    pass
                case _:
                    self.other(statement, around)

    def branch(self, statement: ast.If, around: object) -> None:
        asked = frozenset(_names(statement.test) & self.drawn)
        chance = (asked or statement) if self.random(statement.test) else around
        before = dict(self.parts)
        self.block(statement.body, chance)
        after, self.parts = self.parts, dict(before)
        self.block(statement.orelse, chance)
        for name, parts in after.items():
            other = before.get(name)
            changed = [len(part.changes) for part in parts] != [len(part.changes) for part in other or parts]
            elsewhere = self.parts.get(name) != other
            self.unsure = self.unsure or (changed and elsewhere and chance is not None)
            self.parts[name] = parts if changed or other is None else self.parts[name]

    def other(self, statement: ast.stmt, around: object) -> None:
        """A statement that is not understood: what it binds or changes may have been moved."""
        for node in walk(statement):
            if isinstance(node, ast.Name) and node.id in self.parts:
                moved = isinstance(statement, ast.AugAssign) and around is not None
                change = Change(
                    statement, node, node.id, known=isinstance(statement, ast.AugAssign), moves=moved, draw=around
                )
                self.parts[node.id] = [_with(part, change) for part in self.parts[node.id]]

    def assign(self, statement: ast.stmt, target: ast.expr, value: ast.expr, around: object) -> None:
        match target:
            case ast.Name(id=name):
                if self.random(value) and not self.read(value):
                    self.drawn.add(name)
                self.parts[name] = self.of(statement, value, name, around)
            case ast.Tuple(elts=elements):
                self.unpack(statement, elements, value, around)
            case ast.Subscript(value=ast.Name(id=name)) if name in self.parts:
                if isinstance(value, ast.Name) or not self.read(value) - {name}:
                    put = [part for other in self.read(value) - {name} for part in self.parts[other]]
                    change = Change(statement, target, name, moves=around is not None, draw=around)
                    self.parts[name] = [*[_with(part, change) for part in self.parts[name]], *put]
                else:
                    put = self.of(statement, value, _key(target.slice), around)
                    self.parts[name] = [*self.parts[name], *put]
            case _:
                self.unsure = self.unsure or bool(self.read(value))

    def unpack(self, statement: ast.stmt, elements: list[ast.expr], value: ast.expr, around: object) -> None:
        if isinstance(value, ast.Tuple) and len(value.elts) == len(elements):
            old = dict(self.parts)
            new: dict[str, list[Part]] = {}
            for element, each in zip(elements, value.elts, strict=True):
                self.parts = old
                if isinstance(element, ast.Name):
                    new[element.id] = self.of(statement, each, element.id, around)
            self.parts = {**old, **new}
            return
        names = [each.id for each in elements if isinstance(each, ast.Name)]
        if (self.random(value) and not self.read(value)) or "get_params" in ast.dump(value):
            self.drawn.update(names)
        elif self.read(value):  # several parts from one call: what it does to them, it does together
            change = Change(statement, value, names[0] if names else "", known=False)
            given = [each.id for each in getattr(value, "args", []) if isinstance(each, ast.Name)]
            for name in names:
                before = self.parts.get(name, []) if name in given else []  # `image, mask = both(image, mask)`
                done = [each for part in before for each in part.changes]
                self.parts[name] = [Part((name,), (*done, change), (name,))]
        else:
            for name in names:
                self.parts[name] = [Part((name,), (), (name, *_attributes(value)))]

    # -- expressions -----------------------------------------------------------------------------------------------

    def read(self, node: ast.AST) -> set[str]:
        """The parts that an expression reads."""
        return {each.id for each in walk(node) if isinstance(each, ast.Name) and each.id in self.parts} - self.drawn

    def of(self, statement: ast.stmt, value: ast.expr, name: str, around: object) -> list[Part]:
        """What an expression that is assigned to `name` (or returned as an entry of that name) holds."""
        if isinstance(value, ast.Dict | ast.Tuple | ast.List) or _is_dict(value):
            inner = [self.of(statement, each, _key(key), around) for key, each in _entries(value)]
            return [part for parts in inner for part in parts]
        read = self.read(value)
        if not read:
            words = (name, *_attributes(value), *_names(value), *map(_key, _keys(value)))
            return [Part((name,), tuple(self.changes(statement, value, name, around)), words)]
        sources = [part for each in sorted(read) for part in self.parts[each]]
        done = tuple(self.changes(statement, value, min(read), around))
        if len(read) > 1:  # a path made of several names, or something made of image and mask
            words = (name, *_attributes(value), *read, *(word for part in sources for word in part.words))
            plain = isinstance(value, ast.Call) and not done and not any(part.moved for part in sources)
            joint = () if plain else (Change(statement, value, name, known=False),)
            changes = dict.fromkeys(each for part in sources for each in part.changes)
            return [Part((name,), (*changes, *joint), words if plain else (name,))]
        renamed = (name,) if name and name not in read else ()
        keys = tuple(map(_key, _keys(value)))
        return [
            Part((*part.names, *renamed), (*part.changes, *done), (*part.words, *keys, *renamed)) for part in sources
        ]

    def changes(self, statement: ast.stmt, value: ast.expr, subject: str, around: object) -> Iterator[Change]:
        """The calls in an expression that change what they are given, innermost first."""
        calls = [node for node in walk(value) if isinstance(node, ast.Call | ast.Subscript)]
        for node in reversed(calls):
            if isinstance(node, ast.Subscript):
                if _backwards(node) and around is not None:
                    yield Change(statement, node, subject, moves=True, draw=around)
            elif (change := self.change(statement, node, subject, around)) is not None:
                yield change

    def change(self, statement: ast.stmt, call: ast.Call, subject: str, around: object) -> Change | None:
        found = self.pipelines(call.func)
        if found:
            random = any(moves(step) for step in found[0].steps)
            known = len(found) == 1 and all(step.name and not self.hides(step) for step in found[0].steps)
            if random or around is None or not any(map(turns_over, found[0].steps)):
                return Change(
                    statement, call, subject, found[0], random, known or random, draw=call if random else None
                )
            return Change(statement, call, subject, found[0], moves=True, known=known, draw=around)
        if is_draw(self.script, call):
            return None
        last = getattr(call.func, "attr", getattr(call.func, "id", ""))
        dotted = self.script.names.dotted(call.func) or ""
        if last in _MOVING and self.moving(call, dotted):
            own = self.random(call)
            named = frozenset(_names(call) & self.drawn)
            decides = call if own and not named else (around or named)
            return Change(statement, call, subject, moves=own or around is not None, draw=decides)
        if last in _READS or dotted.startswith(_FUNCTIONAL) or self.harmless(call):
            return None
        return Change(statement, call, subject, known=not self.read(call))

    def hides(self, step: Step) -> bool:
        """Whether it is a `Lambda` that draws or moves, or nobody knows."""
        if step.name != "Lambda" or step.made is None:
            return step.name == "Lambda"
        given = step.made.arguments.get(0, "lambd")
        body = given.function if isinstance(given, Function) else None
        calls = [node for node in walk(body) if isinstance(node, ast.Call)] if body is not None else []
        last = {getattr(each.func, "attr", getattr(each.func, "id", "")) for each in calls}
        return body is None or has_draw(self.script, body) or not last <= _READS

    def moving(self, call: ast.Call, dotted: str) -> bool:
        """`transpose` turns a PIL image over only where it is told how; elsewhere it swaps dimensions."""
        if getattr(call.func, "attr", "") == "transpose":
            return "FLIP" in ast.dump(call) or "ROTATE" in ast.dump(call)
        return not dotted.startswith(("os.", "random."))

    def pipelines(self, func: ast.expr) -> list[Pipeline]:
        value = self.value(func)
        wanted = [each for each in options(value) if not isinstance(each, Literal)] if value else []
        found = [pipeline for each in wanted for pipeline in pipelines(each)]
        return found if len(found) == len(wanted) else []

    @property
    def me(self) -> str | None:
        given = [*self.method.args.posonlyargs, *self.method.args.args]
        return given[0].arg if given else None

    def value(self, func: ast.expr) -> Value | None:
        match func:
            case ast.Attribute(value=ast.Name(id=me), attr=name) if me == self.me:
                return self.made.attributes.get(name)
            case ast.Name(id=name):
                return self.scope.get(name) if self.scope else None
            case ast.Call():
                made = [each.result for each in self.script.run.calls if each.node is func]
                return made[0] if made else None
        return None

    def harmless(self, call: ast.Call) -> bool:
        """A function or method of this file that draws nothing and moves nothing."""
        match call.func:
            case ast.Attribute(value=ast.Name(id=me), attr=name) if me == self.me and self.made.cls:
                found = self.made.cls.find(name)
            case ast.Name(id=name):
                found = self.scope.get(name) if self.scope else None
            case _:
                return False
        body = found.function if isinstance(found, Function) else None
        calls = [node for node in walk(body) if isinstance(node, ast.Call)] if body else []
        moved = [
            each
            for each in calls
            if getattr(each.func, "attr", getattr(each.func, "id", "")) in _MOVING
            and self.moving(each, self.script.names.dotted(each.func) or "")
        ]
        return body is not None and not has_draw(self.script, body) and not moved

    def random(self, node: ast.AST) -> bool:
        return bool(_names(node) & self.drawn) or has_draw(self.script, node)


def _with(part: Part, change: Change) -> Part:
    return Part(part.names, (*part.changes, change), part.words)


def _elements(value: ast.expr) -> list[ast.expr]:
    return value.elts if isinstance(value, ast.Tuple | ast.List) else [value]


def _is_dict(value: ast.expr) -> TypeGuard[ast.Call]:
    """`dict(image=image, mask=mask)`"""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "dict"
        and not value.args
        and all(each.arg for each in value.keywords)
    )


def _entries(value: ast.Dict | ast.Tuple | ast.List | ast.Call) -> list[tuple[ast.expr | None, ast.expr]]:
    if isinstance(value, ast.Call):
        return [(ast.Constant(each.arg), each.value) for each in value.keywords]
    if isinstance(value, ast.Dict):
        return list(zip(value.keys, value.values, strict=True))
    return [(None, each) for each in value.elts]


def _key(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _keys(node: ast.AST) -> list[ast.expr]:
    return [each.slice for each in walk(node) if isinstance(each, ast.Subscript)]


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in walk(node) if isinstance(each, ast.Name)}


def _attributes(node: ast.AST) -> list[str]:
    return [each.attr for each in walk(node) if isinstance(each, ast.Attribute)]


def _backwards(node: ast.Subscript) -> bool:
    """`x[:, ::-1]`"""
    keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    steps = [each.step for each in keys if isinstance(each, ast.Slice)]
    return any(isinstance(each, ast.UnaryOp) and isinstance(each.op, ast.USub) for each in steps)
