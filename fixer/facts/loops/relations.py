"""Which objects belong together: the models that an optimizer trains, and whether two objects may share gradients."""

from __future__ import annotations

import re

from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.training import Event
from fixer.facts.program.values import (
    Choice,
    Computed,
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

# Calls out of sight that are handed a model or an optimizer and, by their name, do not clear its gradients.
_READS_MODEL = re.compile(
    r"log|print|save|writ|dump|plot|show|draw|display|visual|eval|valid|test|infer|predict|accura|metric|score|summar|"
    r"checkpoint|ckpt|clip|count|ema|average|loss|criterion|forward|sample|generat|penalty|perplex|(^|_)lr|learning_rate|"
    r"sched|warmup|anneal|meter|monitor|early|decay|reduce|norm|param|state_dict|stor(e|ing)|record|push|append|extend|"
    r"sync|accumul|gather|wait|unwrap|autocast|value|calc|hash|close|finish|scalar|unpack|clone|avg|barrier|"
    r"^(info|debug|warning|warn|error|critical|to|cuda|cpu|float|items|keys|get|item|numpy|detach|view|reshape|size)$",
    re.IGNORECASE,
)
_READS_OPTIMIZER = re.compile(
    r"log|print|save|writ|dump|checkpoint|ckpt|(^|_)lr|learning_rate|sched|warmup|anneal|decay|scale_loss|"
    r"state_dict|clip|sync|accumul|gather|wait|unwrap|autocast|append|store|record|close|finish|barrier|"
    r"^(info|debug|warning|warn|error|critical)$",
    re.IGNORECASE,
)
_WRAPPER = re.compile(r"(?<!Distributed)Opt(im|imizer)?(Wrapper)?$")


def trained(optimizer: Value) -> list[Value]:
    """The models (or tensors) whose parameters an optimizer was given. Empty: not known."""
    if not isinstance(optimizer, Made):
        return []
    first = optimizer.arguments.get(0, "params")
    known = _parameters(first) if first is not None else None
    if known or optimizer.dotted is None:
        return known or []
    # a factory out of sight: it was given the model somewhere
    return [each for each in optimizer.arguments.all() if kind(each) is Kind.MODULE]


def _parameters(value: Value, depth: int = 8) -> list[Value] | None:
    """The objects that a parameter list was taken from; None when a part of it comes from somewhere unknown."""
    match value:
        case Literal() | Imported() | Function():
            return []
        case Part(how="method", key="parameters" | "named_parameters" | "children" | "modules", base=base):
            return [base]
        case Part(how="element" | "subscript" | "method", base=base):
            parts = [base]
        case Items(items=items, each=each):
            parts = [*items, *([each] if each else [])]
        case Mapping(items=pairs):
            parts = [pairs["params"]] if "params" in pairs else list(pairs.values())
        case Choice(options=several):
            parts = several
        case Computed(operands=operands):
            parts = operands
        case Made(callee=Imported()) if kind(value) is not Kind.TENSOR:
            parts = value.arguments.all()
        case _:
            return [value] if any(kind(each) in (Kind.TENSOR, Kind.MODULE) for each in roots(value)) else None
    found: list[Value] = []
    for part in parts:
        inner = _parameters(part, depth - 1) if depth else None
        if inner is None:
            return None
        found += inner
    return found


def _reach(value: Value, depth: int = 4) -> set[int]:
    """A model, what it is a part of, what it wraps and what it holds, by identity."""
    found: set[int] = set()
    for each in roots(value):
        found.add(id(each))
        if depth == 0:
            continue
        related = list(each.attributes.values())
        if isinstance(each, Made):
            related += each.arguments.all()
        for other in related:
            if kind(other) is Kind.MODULE:
                found |= _reach(other, depth - 1)
    return found


def share_parameters(left: list[Value], right: list[Value]) -> bool:
    """Whether two groups of models may have parameters in common. Unknown groups may."""
    if not left or not right:
        return True
    return bool(set().union(*map(_reach, left)) & set().union(*map(_reach, right)))


def may_clear(event: Event, optimizer: Value) -> bool:
    """Whether a CLEAR event may clear gradients that `optimizer` uses."""
    if event.subject is None:
        return True
    return any(_same_gradients(subject, one) for subject in options(event.subject) for one in options(optimizer))


def _same_gradients(subject: Value, optimizer: Value) -> bool:
    if subject is optimizer:
        return True
    if kind(subject) is Kind.OPTIMIZER:
        if named_apart(subject, optimizer):
            return False
        if not (isinstance(subject, Made) and isinstance(optimizer, Made)):
            return True
        return share_parameters(trained(subject), trained(optimizer))
    if isinstance(optimizer, Made) and (kind(subject) is Kind.MODULE):
        return share_parameters([subject], trained(optimizer))
    return True


def named_apart(left: Value, right: Value) -> bool:
    """Two parameters of one function, or two attributes of one object: different by all that can be known."""
    match left, right:
        case Unknown(hint=one), Unknown(hint=other):
            return one != other
        case Part(how="attribute", base=one_base, key=one_key), Part(how="attribute", base=other_base, key=other_key):
            return one_base is other_base and one_key != other_key
        case Part(how="subscript", base=one_base, key=one_key), Part(how="subscript", base=other_base, key=other_key):
            return one_base is other_base and one_key != other_key and _from_the_front(one_key, other_key)
        case Part(how="method", key=one_key, arguments=one), Part(how="method", key=other_key, arguments=other):
            # what two methods made: `config.actor_optimizer(parameters)`, `config.critic_optimizer(others)`
            return one_key != other_key and bool(one and other and one.all() and other.all())
    return False


def _from_the_front(*keys: object) -> bool:
    """Whether different indices are different places: `optimizers[-1]` may be any."""
    return all(isinstance(each, str) for each in keys) or all(isinstance(each, int) and each >= 0 for each in keys)


def of_lightning(optimizer: Value) -> Made | None:
    """The LightningModule of this file that gave the optimizer, by `self.optimizers()`."""
    for each in roots(optimizer):
        match each:
            case Part(how="method", key="optimizers", base=Made() as module) if module.cls is not None:
                return module
    return None


def steps_like_a_wrapper(optimizer: Value) -> bool:
    """Whether it is of an imported class that, by its name, may be more than an optimizer and clear in its `step`."""
    if any(isinstance(each, Made) and (each.dotted or "").startswith("deepspeed.") for each in roots(optimizer)):
        return True  # DeepSpeed's own step clears
    dotted = (optimizer.dotted or "") if isinstance(optimizer, Made) else ""
    last = dotted.rpartition(".")[2]
    return last[:1].isupper() and not dotted.startswith("torch.") and bool(_WRAPPER.search(last))


def may_act_on(event: Event, optimizer: Value) -> bool:
    """Whether an ESCAPE hands out an object through which code out of sight may clear this optimizer's gradients."""
    subject = event.subject
    if subject is None or (_READS_OPTIMIZER.search(event.detail)):
        return False
    for one in options(optimizer):
        if holds(subject, one):
            return not _READS_MODEL.search(event.detail) or subject is one
        if kind(subject) is Kind.MODULE and not _READS_MODEL.search(event.detail):
            models = trained(one)
            if models and share_parameters([subject], models):
                return True
    return False


def holds(value: Value, wanted: Value, depth: int = 3) -> bool:
    """Whether `value` is `wanted`, or may be used to get at it."""
    if value is wanted:
        return True
    if depth == 0 or isinstance(value, Literal | Imported):
        return False
    if isinstance(value, Part) and value.how == "attribute" and value.base is wanted:
        return True  # a bound method, or the optimizer's own groups
    inner = [*value.attributes.values(), *value.holds]
    if isinstance(value, Items):
        inner += value.items
    if isinstance(value, Made) and kind(value) is not Kind.SCHEDULER:
        inner += value.arguments.all()
    return any(holds(each, wanted, depth - 1) for each in inner)
