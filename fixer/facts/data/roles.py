"""What a dataset is used for: training or evaluation, by the loops that draw from it, else by what it is called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, cached_property

from fixer.facts.data.datasets import LOADER, loaders
from fixer.facts.program.following import kept
from fixer.facts.program.kinds import name_of
from fixer.facts.program.training import Block, Event, EventKind, Loop, ancestors, events
from fixer.facts.program.values import Imported, Made, Mapping, Part, Value, options
from fixer.facts.script import Script

_SUFFIX = r"(?:_|\d|$|s?et|data|dl|ds|loader|iter|split|part|trans|tf)"
_EVALUATION = re.compile(
    rf"(?:^|_)(?:test(?:ing)?|val(?:id(?:ation)?)?|eval(?:uation)?|dev|hold_?out|held_?out){_SUFFIX}"
)
_TRAINING = re.compile(rf"(?:^|_)(?:train(?:ing)?|trn){_SUFFIX}")


class Role(StrEnum):
    TRAINING = "training"
    EVALUATION = "evaluation"


@cache
def role_of_name(name: str) -> Role | None:
    """What a name says, where it says one thing only."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    found = [role for role, text in ((Role.EVALUATION, _EVALUATION), (Role.TRAINING, _TRAINING)) if text.search(snake)]
    return found[0] if len(found) == 1 else None


def drawn_from(subject: Value | None) -> Value | None:
    """What a loop over `enumerate(tqdm(loader))` draws from."""
    while isinstance(subject, Made) and isinstance(subject.callee, Imported) and subject.arguments.positional:
        last = subject.callee.dotted.rpartition(".")[2]
        if last not in ("enumerate", "tqdm", "trange", "track", "tqdm_notebook", "iter", "islice"):
            break
        subject = subject.arguments.positional[0]
    return subject


_LOADER = re.compile(r"load|(^|_)(dl|iter|iterator)$", re.IGNORECASE)


def source_name(loop: Loop) -> str:
    """What the program calls the thing that a loop draws from: `loader` for `enumerate(tqdm(self.loader))`."""
    drawn = getattr(loop.node, "iter", None)
    while isinstance(drawn, ast.Call) and drawn.args and not isinstance(drawn.args[0], ast.Starred):
        drawn = drawn.args[0]
    return str(getattr(drawn, "attr", getattr(drawn, "id", "")))


def called_loader(loop: Loop) -> bool:
    """Whether what the loop draws from is called a loader."""
    return _LOADER.search(source_name(loop)) is not None


def is_loader(source: Value | None) -> bool:
    """Whether it is a `torch.utils.data.DataLoader` for certain."""
    return source is not None and all(isinstance(each, Made) and each.dotted == LOADER for each in options(source))


def loop_of(draw: Event) -> Loop | None:
    """The loop that a draw belongs to: a `for` stands behind it, a comprehension around it."""
    around = next(ancestors(draw), None)
    if isinstance(around, Block):
        for item in around.items[around.items.index(draw) :]:
            if isinstance(item, Loop) and getattr(item.node, "iter", None) is draw.node:
                return item
        if isinstance(around.parent, Loop) and not isinstance(around.parent.node, ast.stmt):
            return around.parent
    return None


def trains(loop: Loop) -> bool:
    return any(True for _ in events(loop, EventKind.BACKWARD, EventKind.STEP))


def evaluates(loop: Loop) -> bool:
    """Whether the loop feeds a model and never trains it."""
    return not trains(loop) and any(True for _ in events(loop, EventKind.FORWARD))


def roles_of(script: Script) -> Roles:
    """The roles of the datasets of a script, worked out once for all rules."""
    return kept(script, "roles", lambda: Roles(script))


class Roles:
    """The roles of the datasets of a script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.loaders = list(loaders(script))

    @cached_property
    def loops(self) -> list[tuple[Value, Loop]]:
        """Every loop, with what it draws from."""
        found = []
        for root in self.script.run.roots:
            for draw in events(root, EventKind.DRAW):
                loop, source = loop_of(draw), drawn_from(draw.subject)
                if loop is not None and source is not None:
                    found.append((source, loop))
        return found

    @cached_property
    def _by_source(self) -> dict[int, list[Loop]]:
        found: dict[int, list[Loop]] = {}
        for source, loop in self.loops:
            found.setdefault(id(source), []).append(loop)
        return found

    def of(self, dataset: Value) -> Role | None:
        """The one thing that `dataset` is used for; None: for both, or nobody knows."""
        users = [each.call.result for each in self.loaders if dataset in options(each.dataset)]
        users.append(dataset)
        loops = [loop for each in users for loop in self._by_source.get(id(each), ())]
        named = {role_of_name(name) for each in users for name in (*self.names_of(each), *self.keys_of(each))} - {None}
        if any(map(trains, loops)):
            return None if any(map(evaluates, loops)) or Role.EVALUATION in named else Role.TRAINING
        if any(map(evaluates, loops)):
            return None if Role.TRAINING in named else Role.EVALUATION
        return named.pop() if len(named) == 1 else None

    def said_of_dataset(self, source: Value) -> set[Role]:
        """What the names of a loader's dataset say."""
        names: list[str] = []
        for each in options(source):
            dataset = each.arguments.get(0, "dataset") if isinstance(each, Made) and each.dotted == LOADER else None
            if isinstance(each, Made) and "sampler" in each.arguments.keywords:
                continue  # the rows may be a part that is kept for evaluation
            for one in options(dataset) if dataset is not None else ():
                names += [*self.names_of(one), name_of(one)]
        return {role for each in names if each and (role := role_of_name(each)) is not None}

    def names_of(self, value: Value) -> Iterator[str]:
        """What the statement that makes `value` calls it: the name of a variable or an attribute."""
        for target in self.targets_of(value):
            yield target.id if isinstance(target, ast.Name) else target.attr

    def keys_of(self, value: Value) -> list[str]:
        """The texts under which dicts of the program hold `value`: `loaders["val"]`."""
        return self._keys.get(id(value), [])

    @cached_property
    def _keys(self) -> dict[int, list[str]]:
        tables = [each.values for each in self.script.run.scopes]
        tables += [each.attributes for each in self.script.run.objects]
        dicts = {id(each): each for table in tables for each in table.values() if isinstance(each, Mapping)}
        waiting = list(dicts.values())
        found: dict[int, list[str]] = {}
        for mapping in waiting:
            for key, value in mapping.items.items():
                for each in options(value) if isinstance(key, str) else ():
                    found.setdefault(id(each), []).append(key)
                    if isinstance(each, Mapping) and id(each) not in dicts:
                        dicts[id(each)] = each
                        waiting.append(each)
        return found

    def targets_of(self, value: Value) -> Iterator[ast.Name | ast.Attribute]:
        """The variables and attributes that the statement that makes `value` binds it to."""
        made, index = value, None
        if isinstance(value, Part) and value.how == "subscript" and isinstance(value.key, int):
            made, index = value.base, value.key
        if not isinstance(made.node, ast.Call) or made.node not in self.script.parents:
            return
        for target in self._targets(made.node):
            if index is not None and isinstance(target, ast.Tuple | ast.List) and index < len(target.elts):
                target = target.elts[index]
            if isinstance(target, ast.Name | ast.Attribute):
                yield target

    def _targets(self, node: ast.expr) -> list[ast.expr]:
        """The targets of the assignment whose value `node` is, element by element for a tuple."""
        parent = self.script.parents[node]
        if isinstance(parent, ast.Assign) and parent.value is node:
            return parent.targets
        if isinstance(parent, ast.AnnAssign):
            return [parent.target]
        if isinstance(parent, ast.Tuple) and node in parent.elts:
            position = parent.elts.index(node)
            return [
                target.elts[position]
                for target in self._targets(parent)
                if isinstance(target, ast.Tuple) and len(target.elts) == len(parent.elts)
            ]
        return []
