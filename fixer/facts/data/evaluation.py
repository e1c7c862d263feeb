"""What a program evaluates with: datasets and their pipelines, parts of splits, and the loops over them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from fixer.facts.data.datasets import constructions, given_to, own_transform
from fixer.facts.data.evaluation_pipelines import evaluation_pipelines
from fixer.facts.data.purpose import only_of_views, random_on_purpose
from fixer.facts.data.roles import Role, Roles, called_loader, evaluates, role_of_name, roles_of, source_name, trains
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Inlined, Loop, ancestors
from fixer.facts.program.values import Function, Literal, Made, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.transforms.augmentation import DROPPED, augments, elements, random_elements, transform_name

_TESTS = re.compile(r"(^|_)(eval|valid|test|predict|accuracy)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class SplitPart:
    """One of the parts that a `random_split` returns."""

    call: ast.Call
    statement: ast.stmt
    name: str | None
    """What the split's statement binds the part to, as it is written."""
    training: bool
    """Whether another part of the split serves training."""


@dataclass(eq=False)
class Served:
    """A dataset that serves evaluation; for a part of a split, the dataset that it is a part of."""

    made: Made
    call: ast.Call
    part: SplitPart | None = None
    shared: bool = False
    """The same call makes datasets for training too."""
    training: list[Made] = field(default_factory=list)
    """Instances of the same class that serve training."""
    siblings: list[Served] = field(default_factory=list)
    """All instances of the same class that serve evaluation, this one included."""
    pipeline: Made | None = None
    pipeline_trains: bool = False
    """The pipeline may serve something else than evaluation."""
    pipeline_shared: bool = False
    """It serves a training set as well."""
    pipeline_written: ast.Name | None = None
    """The variable that gives the dataset the pipeline, where it means the same as at the pipeline's definition."""

    @property
    def class_trains(self) -> bool:
        return bool(self.training)


@dataclass(frozen=True, eq=False)
class LoopAugmentation:
    """`images = augment(images)` in an evaluation loop."""

    call: ast.Call
    statement: ast.stmt
    name: str


class Evaluation:
    """The evaluation side of a script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.silent = random_on_purpose(script.lowered) or not script.run.complete

    @cached_property
    def roles(self) -> Roles:
        return roles_of(self.script)

    @cached_property
    def datasets(self) -> list[Served]:
        """The datasets that nothing but evaluation draws from."""
        if self.silent:
            return []
        found = [self._served(each) for each in self._used if self.roles.of(each) is Role.EVALUATION]
        served = [each for each in found if each is not None]
        for each in served:
            each.siblings = [other for other in served if other.made.cls is each.made.cls and other.part is None]
        return served

    @cached_property
    def _used(self) -> list[Value]:
        """Every dataset, and every part of one, that the program makes."""
        drawn = [each for loader in self.roles.loaders for each in options(loader.dataset)]
        made = [each for each in self.script.run.objects if kind(each) is Kind.DATASET]
        splits = [call.result for call in self.script.calls("torch.utils.data.random_split")]
        parts = [part for split in splits for part in split.attributes.values() if isinstance(part, Part)]
        used = {id(each): each for each in [*drawn, *made, *parts]}
        return [each for each in used.values() if not self._reworked(each)]

    def _reworked(self, value: Value) -> bool:
        """Whether the program reaches into a part of a split, or copies it: something else may be drawn from then."""
        if not isinstance(value, Part) or not isinstance(value.base, Made):
            return False
        family = [value, *value.base.attributes.values(), *value.base.arguments.positional[:1]]
        if any({"dataset", "indices", "transform"} & set(each.attributes) for each in family if isinstance(each, Part)):
            return True
        return any((call.dotted or "").startswith("copy.") for call in given_to(self.script, value))

    @cached_property
    def _trained(self) -> list[Made]:
        return [each for each in self._used if isinstance(each, Made) and self.roles.of(each) is Role.TRAINING]

    def _served(self, value: Value) -> Served | None:
        part = self._part(value)
        made = value
        if part is not None and isinstance(value, Part) and isinstance(value.base, Made):
            made = value.base.arguments.positional[0]
        if not isinstance(made, Made) or not isinstance(made.node, ast.Call):
            return None
        served = Served(made, made.node, part)
        served.shared = any(self.roles.of(each) is not Role.EVALUATION for each in constructions(self.script, made))
        served.training = [each for each in self._trained if made.cls is not None and each.cls is made.cls]
        self._find_pipeline(served)
        return served

    def _part(self, value: Value) -> SplitPart | None:
        split = value.base if isinstance(value, Part) and value.how == "subscript" else None
        if not isinstance(split, Made) or split.dotted != "torch.utils.data.random_split":
            return None
        if not isinstance(split.node, ast.Call) or not split.arguments.positional:
            return None
        statement = self.script.statement_of(split.node)
        others = [each for each in split.attributes.values() if isinstance(each, Part) and each is not value]
        training = any(self.roles.of(each) is Role.TRAINING for each in others)
        whole = isinstance(statement, ast.Assign) and statement.value is split.node
        target = next(self.roles.targets_of(value), None) if whole else None
        return SplitPart(split.node, statement, self.script.source(target) if target else None, training)

    # -- pipelines -------------------------------------------------------------------------------------------------

    def _find_pipeline(self, served: Served) -> None:
        given = self._given(served.made)
        pipeline = self._inside(given) if isinstance(given, Function) else given
        if given is None or not isinstance(pipeline, Made) or transform_name(pipeline) != "Compose":
            return
        served.pipeline = pipeline
        users = [one for each in given_to(self.script, given) for one in options(each.result)]
        roles = [self.roles.of(each) for each in users]
        several = len(constructions(self.script, pipeline)) > 1
        served.pipeline_trains = several or any(role is not Role.EVALUATION for role in roles)
        halves = any(map(self._training_half, users))
        served.pipeline_shared = not several and (Role.TRAINING in roles or halves)
        if given is pipeline:
            served.pipeline_written = self._written(served.call, served.made, pipeline)

    def _given(self, made: Made) -> Value | None:
        """The transform that the dataset was given and still has, where each sample goes through it once."""
        own = own_transform(made)
        attribute = "transform"
        if own is None and made.cls is not None:
            kept = [
                name for name, each in made.attributes.items() if each in made.arguments.all() and _is_pipeline(each)
            ]
            if len(kept) != 1:
                return None
            attribute, own = kept[0], made.attributes[kept[0]]
        replaced = made.attributes.get(attribute, own) is not own
        return None if replaced or self._views(made, attribute) else own

    def _inside(self, function: Function) -> Made | None:
        """The one pipeline that a function makes for the sample that it is given."""
        body = function.function
        if not isinstance(body, ast.FunctionDef):
            return None
        nodes = {each for each in walk(body) if isinstance(each, ast.Call)}
        made = [each for each in self.script.run.objects if each.node in nodes and _is_pipeline(each)]
        return made[0] if len(made) == 1 else None

    def _training_half(self, value: Value) -> bool:
        """Whether it is a dataset of torchvision asked for its training images, of which parts may serve validation."""
        train = value.arguments.keywords.get("train") if isinstance(value, Made) else None
        on = isinstance(train, Literal) and train.value is True
        return on and kind(value) is Kind.DATASET and self.roles.of(value) is None

    def _views(self, made: Made, attribute: str) -> bool:
        """Whether the class applies its transform more than once to a sample."""
        method = made.cls.find("__getitem__") if made.cls else None
        if not isinstance(method, Function) or method.function is None:
            return False
        calls = [each for each in walk(method.function) if isinstance(each, ast.Call)]
        return len([each for each in calls if getattr(each.func, "attr", "") == attribute]) > 1

    def _written(self, call: ast.Call, made: Made, pipeline: Made) -> ast.Name | None:
        found = [each.value for each in call.keywords if made.arguments.keywords.get(each.arg or "") is pipeline]
        if not any(isinstance(each, ast.Starred) for each in call.args):
            given = zip(call.args, made.arguments.positional, strict=False)
            found += [node for node, value in given if value is pipeline]
        if pipeline.node not in self.script.parents or len(found) != 1 or not isinstance(found[0], ast.Name):
            return None
        scope = self.script.function_of(pipeline.node)
        visible = scope is None or scope is self.script.function_of(call)
        variables = [each.id for each in self.roles.targets_of(pipeline) if isinstance(each, ast.Name)]
        return found[0] if visible and found[0].id in variables else None

    def meant_for(self, served: Served) -> str | None:
        """The deterministic pipeline that the program makes for evaluation, and does not train with: its name."""
        scope = self.script.function_of(served.call)
        for made in self.script.run.objects:
            if transform_name(made) != "Compose" or not elements(made) or made.node not in self.script.parents:
                continue
            variables = [each.id for each in self.roles.targets_of(made) if isinstance(each, ast.Name)]
            names = [each for each in variables if role_of_name(each) is Role.EVALUATION]
            placed = self.script.function_of(made.node) in (None, scope) and _before(made.node, served.call)
            random = any("Random" in (transform_name(each) or "") for each in elements(made)) or random_elements(made)
            users = [self.roles.of(each.result) for each in given_to(self.script, made)]
            if names and placed and not random and all(role is Role.EVALUATION for role in users):
                return names[0]
        return None

    @cached_property
    def pipelines(self) -> list[tuple[Made, ast.Call]]:
        """Random pipelines that are called those of evaluation, and the calls that make them."""
        if not self.script.run.complete or (self.silent and not only_of_views(self.script.lowered)):
            return []
        return list(evaluation_pipelines(self.script, self.roles, views=self.silent))

    # -- loops -----------------------------------------------------------------------------------------------------

    @property
    def loops(self) -> Iterator[LoopAugmentation]:
        """Calls in evaluation loops that augment the batch: as a training loop does, or by torchvision's transforms."""
        if self.silent:
            return
        calls = [(call, loop) for call in self.script.run.calls if (loop := _innermost(call)) and self._augmenter(call)]
        training = {id(_called(call)) for call, loop in calls if trains(loop)}
        trained_nodes = {call.node for call, loop in calls if trains(loop)}
        sources = [loop for source, loop in self.roles.loops if kind(source) is Kind.LOADER]
        seen: set[ast.AST] = set()
        for call, loop in calls:
            statement = self.script.statement_of(call.node)
            if call.node in trained_nodes | seen or not _reassigns(statement, call.node):
                continue
            as_trained = loop in sources and evaluates(loop) and id(_called(call)) in training
            if as_trained or (not isinstance(call.callee, Function) and self._tests(loop, call)):
                seen.add(call.node)
                yield LoopAugmentation(call.node, statement, self.script.source(call.node.func))

    def _tests(self, loop: Loop, call: Call) -> bool:
        """Whether a loop gives `call` what it draws from a loader, and it or its function is called evaluation."""
        target, given = getattr(loop.node, "target", None), call.node.args[0]
        drawn = {each.id for each in walk(target) if isinstance(each, ast.Name)} if target is not None else set()
        if not called_loader(loop) or not isinstance(given, ast.Name) or given.id not in drawn:
            return False
        if not evaluates(loop) and (trains(loop) or not self._without_gradients(loop)):
            return False
        name, function = role_of_name(source_name(loop)), self.script.function_of(call.node)
        tests = function is not None and _TESTS.search(function.name) is not None
        return name is Role.EVALUATION or (name is None and tests)

    def _without_gradients(self, loop: Loop) -> bool:
        """Whether the loop stands under `with torch.no_grad():`."""
        around = self.script.parents.get(loop.node)
        while around is not None:
            if isinstance(around, ast.With) and any(
                isinstance(each.context_expr, ast.Call)
                and self.script.names.dotted(each.context_expr.func) in ("torch.no_grad", "torch.inference_mode")
                for each in around.items
            ):
                return True
            around = self.script.parents.get(around)
        return False

    def _augmenter(self, call: Call) -> bool:
        if isinstance(call.callee, Function):
            return augments(self.script, call.callee)
        name = transform_name(call.callee) or ""
        return bool(random_elements(call.callee)) or name.startswith("Random") or name in DROPPED


def _is_pipeline(value: Value) -> bool:
    return isinstance(value, Made) and transform_name(value) == "Compose"


def _before(node: ast.AST | None, other: ast.Call) -> bool:
    return isinstance(node, ast.Call) and node.lineno < other.lineno


def _called(call: Call) -> object:
    """What is called: the definition, for a function."""
    return call.callee.function if isinstance(call.callee, Function) else call.callee


def _innermost(call: Call) -> Loop | None:
    """The loop around a call, in the function that it stands in."""
    for node in ancestors(call.event):
        if isinstance(node, Inlined):
            return None
        if isinstance(node, Loop):
            return node
    return None


def _reassigns(statement: ast.stmt, call: ast.Call) -> bool:
    """Whether the statement is `x = f(x)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            given = [getattr(each, "id", "") for each in call.args]
            return bool(value is call and given == [name] and not call.keywords)
    return False
