"""Random transforms of whole batches in training loops: all samples of a batch share one draw."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.data.datasets import Loader
from fixer.facts.data.loaders import argument, batch_size
from fixer.facts.data.roles import Role, Roles, called_loader, evaluates, roles_of, trains
from fixer.facts.data.samples import Structure, structure
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Loop, ancestors
from fixer.facts.program.values import Choice, Computed, Literal, Made, Part, Value, join, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.transforms.pipelines import pipelines
from fixer.facts.transforms.transforms import DRAWS, ONE_SIZE, Step

# Methods that give the same samples in another form.
_KEEPS = frozenset(
    {"to", "cuda", "cpu", "float", "double", "half", "contiguous", "clone", "detach", "requires_grad_", "type"}
)


@dataclass(frozen=True, eq=False)
class SharedDraw:
    """`transform(batch)` in a loop that trains on `loader` (None: it is made out of sight). `name`: what draws."""

    call: Call
    loader: Loader | None
    name: str


def shared_draws(script: Script) -> Iterator[SharedDraw]:
    """Calls of torchvision's random transforms on all of a batch, before the model is trained on it."""
    roles = roles_of(script)
    found = [each for call in script.run.calls if (each := _shared(roles, call)) is not None]
    nodes = {each.call.node for each in found}
    # a helper may get single samples as well
    mixed = {c.node for c in script.run.calls if c.node in nodes and _drawn_whole(roles, c) is None}
    found = [each for each in found if each.call.node not in mixed]
    for each in found:
        others = [other for other in found if other.call.node is not each.call.node]
        if not any(_batch(other.call) is _batch(each.call) for other in others):  # else: several views of one batch
            yield each


def _batch(call: Call) -> Value:
    return _origin(call.arguments.positional[0])


def _shared(roles: Roles, call: Call) -> SharedDraw | None:
    given = call.arguments
    if len(given.positional) != 1 or given.keywords or not given.complete:
        return None
    name = _drawing(call.callee)
    drawn = _drawn_whole(roles, call) if name else None
    if name is None or drawn is None:
        return None
    if isinstance(drawn, Loop):
        return SharedDraw(call, None, name) if trains(drawn) else None
    return SharedDraw(call, drawn, name) if _in_batches(drawn) and _for_training(roles, drawn, call) else None


def _in_batches(loader: Loader) -> bool:
    """Whether it yields several samples at a time, put together by torch's own `collate_fn`."""
    collate, sampler = (argument(loader, each) for each in ("collate_fn", "batch_sampler"))
    size = argument(loader, "batch_size")
    single = batch_size(loader) == 1 and sampler is None
    unbatched = isinstance(size, Literal) and size.value is None
    return not single and not unbatched and collate is None


def _drawn_whole(roles: Roles, call: Call) -> Loader | Loop | None:
    """The loader of whose batches a call gets all the inputs; where that is made out of sight, the loop over it."""
    found = [_whole_batch(roles, each) or _loop_over_loader(roles, call, each) for each in options(_batch(call))]
    return found[0] if found and None not in found else None


def _loop_over_loader(roles: Roles, call: Call, value: Value) -> Loop | None:
    batch = value.base if isinstance(value, Part) and value.how == "subscript" else value
    if not isinstance(batch, Part) or batch.how != "element" or not isinstance(value.node, ast.Name):
        return None
    if any(each.call.result is batch.base for each in roles.loaders):
        return None
    loop = next((each for each in ancestors(call.event) if isinstance(each, Loop)), None)
    return loop if loop is not None and called_loader(loop) and _binds(loop, value.node.id) else None


def _binds(loop: Loop, name: str) -> bool:
    target = getattr(loop.node, "target", None)
    return target is not None and any(isinstance(each, ast.Name) and each.id == name for each in walk(target))


def _for_training(roles: Roles, loader: Loader, call: Call) -> bool:
    """Whether the call is made in a loop that trains, or, in a script that never trains, over training data."""
    around = [each for each in ancestors(call.event) if isinstance(each, Loop)]
    over = [loop for source, loop in roles.loops if loop in around and loader.call.result in options(source)]
    if any(map(trains, over or around)):
        return True
    trained = any(trains(loop) for source, loop in roles.loops)
    return not trained and not any(map(evaluates, around)) and roles.of(loader.dataset) is Role.TRAINING


def _drawing(transform: Value) -> str | None:
    """The first random step that every path of a transform has; None where samples must get one size together."""
    names = []
    for pipeline in pipelines(transform):
        if any(_one_size(step) for step in pipeline.steps):
            return None
        names.append(next((step.name for step in pipeline.steps if step.name in DRAWS), None))
    return names[0] if names and None not in names and len(names) == len(options(transform)) else None


def _one_size(step: Step) -> bool:
    expand = step.made.arguments.get(2, "expand") if step.made and step.name == "RandomRotation" else None
    grows = expand is not None and not (isinstance(expand, Literal) and expand.value is False)
    return step.name in ONE_SIZE or grows or any(map(_one_size, step.inner))


def _origin(value: Value) -> Value:
    """What a batch was before it went to a device, became floats, or was scaled or normalised."""
    match value:
        case Choice(options=several):
            return join([_origin(each) for each in several])
        case Part(how="method", key=str() as name, base=base) if name in _KEEPS:
            return _origin(base)
        case Computed(node=ast.BinOp(), operands=[left, right]):
            return (
                _origin(left) if isinstance(right, Literal) else _origin(right) if isinstance(left, Literal) else value
            )
        case Made(arguments=given) if len(given.positional) == 1 and any(True for _ in pipelines(value.callee)):
            return _origin(given.positional[0])
    return value


def _whole_batch(roles: Roles, value: Value) -> Loader | None:
    """The loader of whose batches `value` is all the inputs."""
    if not isinstance(value, Part):
        return None
    batch = value.base if value.how == "subscript" else value
    if not isinstance(batch, Part) or batch.how != "element":
        return None
    loader = next((each for each in roles.loaders if each.call.result is batch.base), None)
    if loader is None:
        return None
    form = structure(loader.dataset)
    if value is batch:
        return loader if form == Structure() else None
    # `batch[0]` is the first sample where the batch is one tensor
    parts = isinstance(value.node, ast.Name) or isinstance(value.key, str) or (form is not None and form != Structure())
    return loader if parts and value.key is not None else None
