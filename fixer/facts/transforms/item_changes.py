"""What `__getitem__` does to the parts of a sample, one after the other, and which draw decides on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from fixer.facts.data.sample_parts import Change, Part, moves, turns_over
from fixer.facts.program.environment import Environment
from fixer.facts.program.values import Function, Literal, Made, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.transforms.augmentation import has_draw, is_draw
from fixer.facts.transforms.item_nodes import (
    attributes_in,
    backwards,
    elements_of,
    entries_of,
    is_dict,
    is_picture,
    key_of,
    keys_in,
    names_in,
    with_change,
)
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
    return parts_of(script, made, made.cls.find("__getitem__") if made.cls else None)


def parts_of(script: Script, made: Made | None, function: Value | None, table: str | None = None) -> list[Part]:
    """The parts of a sample that a function, or a method of `made`, returns; `table`: the parameter that holds all."""
    if not isinstance(function, Function) or not isinstance(function.function, ast.FunctionDef):
        return []
    body = function.function
    called = {getattr(n.func, "attr", getattr(n.func, "id", "")) for n in walk(body) if isinstance(n, ast.Call)}
    if called & _RESEEDS:
        return []
    reader = _Reader(script, made, body, function.scope)
    reader.begin(table)
    reader.block(body.body, None)
    return reader.returned if not reader.unsure else []


@dataclass
class _Reader:
    script: Script
    made: Made | None
    method: ast.FunctionDef
    scope: Environment | None
    parts: dict[str, list[Part]] = field(default_factory=dict)
    """What each local name holds: one part, or several in a dict or tuple."""
    tables: set[str] = field(default_factory=set)
    """Names of samples by key: `sample["image"]` is held as a part of that name."""
    drawn: dict[str, frozenset[str]] = field(default_factory=dict)
    """Names of random numbers, each with those that it is computed from."""
    returned: list[Part] = field(default_factory=list)
    unsure: bool = False

    def begin(self, table: str | None) -> None:
        """What the parameters hold before the first statement: of a dataset's `__getitem__`, nothing yet."""
        if table is not None:
            self.tables.add(table)
        elif self.method.name != "__getitem__":
            given = [each.arg for each in [*self.method.args.posonlyargs, *self.method.args.args]]
            for name in given:
                part = Part((name,), (), (name,))
                if part.spatial or is_picture(name):
                    self.parts[name] = [part]

    def block(self, statements: list[ast.stmt], around: object) -> None:
        for statement in statements:
            match statement:
                case ast.Assign(targets=[target], value=value):
                    self.assign(statement, target, value, around)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self.assign(statement, target, value, around)
                case ast.Return(value=ast.expr() as value):
                    several = [self.of(statement, each, "", around) for each in elements_of(value)]
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
        asked = self.numbers(statement.test)
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
                self.parts[node.id] = [with_change(part, change) for part in self.parts[node.id]]

    def assign(self, statement: ast.stmt, target: ast.expr, value: ast.expr, around: object) -> None:
        match target:
            case ast.Name(id=name) if self.together(statement, name, value, around):
                pass
            case ast.Name(id=name):
                self.tables.discard(name)
                if self.random(value) and not self.read(value):
                    self.draw([name], value)
                self.parts[name] = self.of(statement, value, name, around)
            case ast.Tuple(elts=elements):
                self.unpack(statement, elements, value, around)
            case ast.Subscript() if entry := self.entry(target):
                self.parts[entry] = self.of(statement, value, key_of(target.slice), around)
            case ast.Subscript(value=ast.Name(id=name)) if name in self.parts:
                if key_of(target.slice) == "" or isinstance(value, ast.Name) or self.read(value) == {name}:
                    others = self.read(value) - {name} if isinstance(value, ast.Name) else ()
                    put = [part for other in others for part in self.parts[other]]
                    change = Change(statement, target, name, moves=around is not None, draw=around)
                    self.parts[name] = [*[with_change(part, change) for part in self.parts[name]], *put]
                else:
                    put = self.of(statement, value, key_of(target.slice), around)
                    self.parts[name] = [*self.parts[name], *put]
            case _:
                self.unsure = self.unsure or bool(self.read(value))

    def together(self, statement: ast.stmt, name: str, value: ast.expr, around: object) -> bool:
        """`sample = self.augment(image=image, mask=mask)`: what it returns has the same keys."""
        given = value.keywords if isinstance(value, ast.Call) and not value.args else []
        if len([each for each in given if each.arg and self.read(each.value)]) < 2 or is_dict(value):
            return False
        joint = Change(statement, value, name, known=False)
        entries = {
            f"{name}[{each.arg}]": [
                with_change(part, joint) for part in self.of(statement, each.value, each.arg, around)
            ]
            for each in given
            if each.arg and self.read(each.value)
        }
        self.tables.add(name)
        self.parts.pop(name, None)
        self.parts.update(entries)
        return True

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
            self.draw(names, value)
        elif self.read(value):  # several parts from one call: what it does to them, it does together
            change = Change(statement, value, names[0] if names else "", known=False)
            given = [each.id for each in getattr(value, "args", []) if isinstance(each, ast.Name)]
            for name in names:
                before = self.parts.get(name, []) if name in given else []  # `image, mask = both(image, mask)`
                done = [each for part in before for each in part.changes]
                words = [each for part in before for each in part.words]
                self.parts[name] = [Part((name,), (*done, change), (name, *words))]
        else:
            for name in names:
                self.parts[name] = [Part((name,), (), (name, *attributes_in(value)))]

    def draw(self, names: list[str], value: ast.expr) -> None:
        """Random numbers, drawn here or computed from others."""
        self.drawn |= dict.fromkeys(names, self.numbers(value) or frozenset(names))

    def numbers(self, node: ast.AST) -> frozenset[str]:
        """The draws that an expression depends on."""
        return frozenset().union(*(self.drawn[each] for each in names_in(node) & self.drawn.keys()))

    # -- expressions -----------------------------------------------------------------------------------------------

    def read(self, node: ast.AST) -> set[str]:
        """The parts that an expression reads."""
        named = {each.id for each in walk(node) if isinstance(each, ast.Name)}
        found = (named & self.parts.keys()) - self.drawn.keys()
        if named & self.tables:
            entries = {entry for each in walk(node) if isinstance(each, ast.Subscript) and (entry := self.entry(each))}
            found |= entries or {each for name in named & self.tables for each in self.entries(name)}
        return found

    def entry(self, node: ast.Subscript) -> str | None:
        """The part that `sample["image"]` is, where `sample` is known to hold the parts by such keys."""
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str() as key)) if name in self.tables:
                entry = f"{name}[{key}]"
                self.parts.setdefault(entry, [Part((key,), (), (key,))])
                return entry
        return None

    def entries(self, name: str) -> list[str]:
        return [each for each in self.parts if each.startswith(f"{name}[")]

    def of(self, statement: ast.stmt, value: ast.expr, name: str, around: object) -> list[Part]:
        """What an expression that is assigned to `name` (or returned as an entry of that name) holds."""
        if isinstance(value, ast.Dict | ast.Tuple | ast.List) or is_dict(value):
            inner = [self.of(statement, each, key_of(key), around) for key, each in entries_of(value)]
            return [part for parts in inner for part in parts]
        if isinstance(value, ast.Name) and value.id in self.tables:
            return [part for each in self.entries(value.id) for part in self.parts[each]]
        read = self.read(value)
        if not read:
            words = (name, *attributes_in(value), *names_in(value), *map(key_of, keys_in(value)))
            return [Part((name,), tuple(self.changes(statement, value, name, around)), words)]
        sources = [part for each in sorted(read) for part in self.parts[each]]
        done = tuple(self.changes(statement, value, min(read), around))
        if len(read) > 1:  # a path made of several names, or something made of image and mask
            words = (name, *attributes_in(value), *read, *(word for part in sources for word in part.words))
            plain = isinstance(value, ast.Call) and not done and not any(part.moved for part in sources)
            joint = () if plain else (Change(statement, value, name, known=False),)
            changes = dict.fromkeys(each for part in sources for each in part.changes)
            return [Part((name,), (*changes, *joint), words if plain else (name,))]
        renamed = (name,) if name and name not in read else ()
        keys = tuple(map(key_of, keys_in(value)))
        return [
            Part((*part.names, *renamed), (*part.changes, *done), (*part.words, *keys, *renamed)) for part in sources
        ]

    def changes(self, statement: ast.stmt, value: ast.expr, subject: str, around: object) -> Iterator[Change]:
        """The calls in an expression that change what they are given, innermost first."""
        calls = [node for node in walk(value) if isinstance(node, ast.Call | ast.Subscript)]
        for node in reversed(calls):
            if isinstance(node, ast.Subscript):
                if backwards(node) and around is not None:
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
            named = self.numbers(call)
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
            case ast.Attribute(value=ast.Name(id=me), attr=name) if me == self.me and self.made is not None:
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
            case ast.Attribute(value=ast.Name(id=me), attr=name) if me == self.me and self.made and self.made.cls:
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
        return bool(names_in(node) & self.drawn.keys()) or has_draw(self.script, node)
