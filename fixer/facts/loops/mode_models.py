"""Which models a name stands for, and whether what happens to a value concerns one of them."""

from __future__ import annotations

import re

from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.training import Event, EventKind
from fixer.facts.program.values import (
    Class,
    Function,
    Imported,
    Items,
    Literal,
    Made,
    Mapping,
    Part,
    Unknown,
    Value,
    options,
    roots,
)

COMPUTES = re.compile(r"infer|predict|sampl|generat|decod|encod|forward|logits|reconstruct", re.IGNORECASE)
MAY_SWITCH = re.compile(r"train|fit|eval|valid|test|epoch|engine", re.IGNORECASE)
_WRAPPERS = re.compile(
    r"(.*\.)?(Distributed)?DataParallel$|torch\.(compile|jit\.script|nn\.SyncBatchNorm\.convert_sync_batchnorm)$"
)
_SAME = frozenset(
    {"to", "cuda", "cpu", "float", "half", "double", "train", "eval", "requires_grad_", "apply", "share_memory"}
)


def models_of(value: Value | None, depth: int = 8) -> list[Value]:
    """The models that `value` stands for, without what wraps them: DataParallel, compile, `.to(device)`, `.module`."""
    found: dict[int, Value] = {}
    for each in options(value) if value is not None else []:
        inner: Value | None = None
        match each:
            case Literal(value=None):
                continue
            case Made(callee=Imported(dotted=dotted)) if _WRAPPERS.match(dotted):
                inner = each.arguments.get(0, "model") or each.arguments.get(0, "module")
            case Part(how="method", key=key, base=base) if key in _SAME:
                inner = base
            case Part(how="attribute", key="module", base=base):
                inner = base
        for one in models_of(inner, depth - 1) if inner is not None and depth else [each]:
            found[id(one)] = one
    return list(found.values())


Group = frozenset[Value]
"""The models that one name may stand for, depending on the path: mostly one."""


def group_of(value: Value | None) -> Group:
    return frozenset(models_of(value))


def touches(event: Event, model: Group) -> str:
    """Whether a MODE or an ESCAPE concerns the model as a whole: "is"; "may": a part of it, or perhaps; or "no"."""
    found = group_of(event.subject)
    if found >= model:  # one name for several models, of which the path chose one; or all of a list
        return "is" if event.kind is EventKind.MODE else "may"
    called = event.kind is EventKind.MODE
    return "may" if any(_may_be(each, one, called) for each in found for one in model) else "no"


def _may_be(subject: Value, model: Value, called: bool) -> bool:
    of_model = any(one is model for each in roots(subject) for one in models_of(each))
    if (of_model and (called or not _is_setting(subject))) or _holds(subject, model):
        return True
    if called and any(_holds(model, each) for each in models_of(subject)):
        return True  # a part of the model is switched: `self.head.train()`
    if kind(subject) in (Kind.OPTIMIZER, Kind.LOSS, Kind.LOADER, Kind.DATASET, Kind.SCHEDULER, Kind.TENSOR):
        return False
    match subject, model:
        case Unknown(hint=one), Unknown(hint=other):
            return one == other
        case Part(how="attribute", base=one_base, key=one_key), Part(how="attribute", base=other_base, key=other_key):
            return one_base is not other_base and one_key == other_key
        case Part(), _:
            if not called and kind(subject) is not Kind.MODULE:
                return False  # batches and numbers are handed around all the time
            return kind(subject) in (Kind.MODULE, Kind.UNKNOWN) and not _apart(subject, model)
        case Unknown(), _:
            return kind(subject) is Kind.MODULE
    return False


def _is_setting(subject: Value) -> bool:
    """Whether it is an attribute that the program never saw made, never calls and does nothing with: `self.labels`."""
    if not isinstance(subject, Part) or subject.how != "attribute" or subject.key == "module":
        return False
    return kind(subject) is Kind.UNKNOWN and not subject.uses and not subject.attributes and not subject.holds


def _apart(subject: Part, model: Value) -> bool:
    """Whether a thing that was read from another cannot be the model: the model was made elsewhere, under its name."""
    known = [each for each in roots(subject) if isinstance(each, Made)]
    return bool(known) and isinstance(model, Made) and subject.how == "attribute" and kind(subject) is Kind.UNKNOWN


def _holds(value: Value, wanted: Value, depth: int = 3) -> bool:
    """Whether something made of the model, or that it was put into, may switch it."""
    if depth == 0 or isinstance(value, Literal | Imported | Class | Function) or _is_result(value):
        return False
    inner: list[Value] = [*value.attributes.values(), *value.holds]
    if isinstance(value, Items):
        inner += [*value.items, *([value.each] if value.each else [])]
    if isinstance(value, Mapping):
        inner += value.items.values()
    if isinstance(value, Made) and kind(value) not in (Kind.SCHEDULER, Kind.OPTIMIZER):
        inner += value.arguments.all()
    return any(one is wanted or _holds(one, wanted, depth - 1) for each in inner for one in models_of(each))


def _is_result(value: Value) -> bool:
    """Whether it is what a function out of sight computed with a model: numbers, not a thing that holds the model."""
    name = (value.dotted or "" if isinstance(value, Made) else "").rpartition(".")[2]
    return name[:1].islower() and COMPUTES.search(name) is not None and MAY_SWITCH.search(name) is None
