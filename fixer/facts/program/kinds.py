"""What kind of object a value is: by constructor, base class, annotation, use, and last by its name."""

from __future__ import annotations

import ast
import re
from enum import StrEnum
from functools import cache

from fixer.facts.program.values import (
    Choice,
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
)


class Kind(StrEnum):
    OPTIMIZER = "optimizer"
    SCHEDULER = "scheduler"
    SCALER = "gradient scaler"
    MODULE = "module"
    LOSS = "loss"
    LOADER = "data loader"
    DATASET = "dataset"
    TRANSFORM = "transform"
    TENSOR = "tensor"
    OTHER = "other"
    """Known not to be any of these: a literal, a function, an instance of a class without such a base."""
    UNKNOWN = "unknown"


# The first pattern that matches a constructor's dotted name decides (module indexes of torch and torchvision).
_CONSTRUCTORS: tuple[tuple[re.Pattern[str], Kind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"torch\.optim\.lr_scheduler\.\w+$", Kind.SCHEDULER),
        (r"torch\.optim\.swa_utils\.SWALR$", Kind.SCHEDULER),
        (r"torch\.optim\.swa_utils\.", Kind.MODULE),
        (r"torch\.(distributed\.)?optim\.(\w+\.)*[A-Z]\w*$", Kind.OPTIMIZER),
        (r"torch\.(cuda\.)?amp\.(grad_scaler\.)?GradScaler$", Kind.SCALER),
        (r"torch\.nn\.\w*Loss$", Kind.LOSS),
        (r"torch\.nn\.(utils\.|parallel\.|attention\.)?(\w+\.)*Parameter$", Kind.TENSOR),
        (r"torch\.nn\.(parallel\.)?[A-Z]\w*$", Kind.MODULE),
        (r"torch\.distributed\.fsdp\.", Kind.MODULE),
        (r"torchvision\.models\.", Kind.MODULE),
        (r"torch\.hub\.load$", Kind.MODULE),
        (r"torch\.utils\.data\.DataLoader$", Kind.LOADER),
        (r"torch\.utils\.data\.\w*(Dataset|Subset)$", Kind.DATASET),
        (r"torchvision\.datasets\.[A-Z]\w*$", Kind.DATASET),
        (r"torchvision\.transforms\.(v2\.)?[A-Z]\w*$", Kind.TRANSFORM),
        (
            r"torch\.(zeros|ones|rand|randn|randint|randperm|tensor|full|empty|arange|linspace|eye|stack|cat)(_like)?$",
            Kind.TENSOR,
        ),
        (r"torch\.(from_numpy|as_tensor|normal|bernoulli)$", Kind.TENSOR),
    )
)

# Constructors and base classes from elsewhere, by the last part of their name.
_BY_CLASS_NAME: tuple[tuple[re.Pattern[str], Kind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(Scheduler|LR|LRSched\w*|Warmup\w*)$", Kind.SCHEDULER),
        (
            r"^(\w*Optimizer|\w*Opt|\w*Adam(W|ax|8bit)?\w*|SGD\w*|RMSprop|\w*(Novo[gG]rad|MADGRAD)|Ada(grad|delta|factor|belief|bound|mod)|L(amb|AMB|ars|ARS|ion)|Ranger\w*)$",
            Kind.OPTIMIZER,
        ),
        (r"GradScaler$", Kind.SCALER),
        (r"(Loss|Criterion)$", Kind.LOSS),
        (r"(DataLoader|Loader)$", Kind.LOADER),
        (r"Dataset$", Kind.DATASET),
        (
            r"(^Module|Model|Net|Network|Classifier|Encoder|Decoder|Generator|Discriminator|LightningModule|Transformer)$",
            Kind.MODULE,
        ),
    )
)

_BASES: dict[str, Kind] = {
    "torch.nn.Module": Kind.MODULE,
    "torch.utils.data.Dataset": Kind.DATASET,
    "torch.utils.data.IterableDataset": Kind.DATASET,
    "torch.utils.data.DataLoader": Kind.LOADER,
    "torch.optim.Optimizer": Kind.OPTIMIZER,
    "torch.optim.optimizer.Optimizer": Kind.OPTIMIZER,
    "torch.optim.lr_scheduler.LRScheduler": Kind.SCHEDULER,
    "torch.optim.lr_scheduler._LRScheduler": Kind.SCHEDULER,
    "torch.Tensor": Kind.TENSOR,
}

# What people call things. Only for values of which nothing else is known.
_BY_NAME: tuple[tuple[re.Pattern[str], Kind], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"sched|warmup|annealer", Kind.SCHEDULER),
        (r"(^|_)(criterion|loss_fn|loss_func|loss_function)$", Kind.LOSS),
        (r"scaler$", Kind.SCALER),
        (
            r"(^|_)(model|net|network|module|encoder|decoder|generator|discriminator|actor|critic|policy)\d*$",
            Kind.MODULE,
        ),
        (r"(^|_)opt(im|imizer|imiser)?s?(_?\w{0,14}|\d*)$|optimi[sz]ers?$|^(optim|optimi[sz]er)", Kind.OPTIMIZER),
    )
)
_NOT_AN_OPTIMIZER = re.compile(r"opt(ion|s$|_level|imal|imization|imize(?![rs]))", re.IGNORECASE)


@cache
def kind_of_dotted(dotted: str) -> Kind:
    """The kind of what calling `dotted` returns."""
    for pattern, kind in _CONSTRUCTORS:
        if pattern.match(dotted):
            return kind
    last = dotted.rpartition(".")[2]
    if dotted.startswith(("torch.", "numpy.")) or not last[:1].isupper():
        return Kind.UNKNOWN
    return next((kind for pattern, kind in _BY_CLASS_NAME if pattern.search(last)), Kind.UNKNOWN)


def kind(value: Value) -> Kind:
    """What kind of object `value` is. A choice has a kind when all its options that are known agree."""
    known = Kind.UNKNOWN
    if isinstance(value, Made):
        if isinstance(value.callee, Class):
            return kind_of_class(value.callee)
        if isinstance(value.callee, Imported):
            known = kind_of_dotted(value.callee.dotted)
        elif isinstance(value.callee, Made) and _is_optimizer_by_name(value.callee):
            return Kind.OPTIMIZER
    elif isinstance(value, Unknown):
        known = _of_base(value.annotation) if value.annotation is not None else known
    elif isinstance(value, Choice):
        kinds = {kind(option) for option in value.options if not _is_none(option)} - {Kind.UNKNOWN}
        return kinds.pop() if len(kinds) == 1 else Kind.UNKNOWN
    elif isinstance(value, Literal | Items | Mapping | Function | Class | Imported):
        return Kind.OTHER
    return known if known is not Kind.UNKNOWN else _by_use(value)


def _is_optimizer_by_name(callee: Made) -> bool:
    """Whether it is `getattr(torch.optim, args.optim)`."""
    given = callee.arguments.positional if callee.dotted == "getattr" else []
    return bool(given) and isinstance(given[0], Imported) and given[0].dotted == "torch.optim"


def kind_of_class(cls: Class) -> Kind:
    """The kind of the instances of a class of this file, by its nearest base from elsewhere that has one."""
    unknown_base = False
    for base in cls.mro():
        if isinstance(base, Imported):
            known = _of_base(base.dotted)
            if known is not Kind.UNKNOWN:
                return known
            unknown_base = unknown_base or base.dotted not in ("object", "abc.ABC", "typing.Generic", "typing.Protocol")
        elif isinstance(base, Unknown):
            unknown_base = True
    return Kind.UNKNOWN if unknown_base else Kind.OTHER


def _of_base(dotted: str) -> Kind:
    return _BASES.get(dotted) or kind_of_dotted(dotted)


_OF_MODULES = frozenset({"parameters", "named_parameters", "load_state_dict"})
_OF_MODULES_ALONE = _OF_MODULES - {"load_state_dict"}


def _by_use(value: Value) -> Kind:
    uses = value.uses
    if uses:
        if "step" not in uses:
            if not uses.isdisjoint(_OF_MODULES_ALONE):
                return Kind.MODULE
            if "load_state_dict" in uses:
                # optimizers and schedules have it, too: then the name decides
                called = _called(name_of(value))
                return called if called is not Kind.UNKNOWN else Kind.MODULE
        elif "zero_grad" in uses:
            return Kind.OPTIMIZER
        elif "scale" in uses and "update" in uses:
            return Kind.SCALER
    called = _called(name_of(value))
    if isinstance(value, Part) and value.how == "subscript" and (name := _target(value)):
        # `model, optimizer = build(config)`; models and schedules show what they are by their methods
        unpacked = _called(name)
        if unpacked is Kind.OPTIMIZER:
            return unpacked
        if called is Kind.OPTIMIZER and (unpacked is not Kind.UNKNOWN or not name_of(value).endswith("s")):
            return unpacked  # of what `build_optimizer` gives back, unlike `optimizers`, one may be a schedule
    return called


def _target(part: Part) -> str:
    """The name that a part of a tuple is unpacked to."""
    match part.node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            return name
    return ""


@cache
def _called(name: str) -> Kind:
    if not name or _NOT_AN_OPTIMIZER.search(name):
        return Kind.UNKNOWN
    return next((kind for pattern, kind in _BY_NAME if pattern.search(name)), Kind.UNKNOWN)


def is_named_module(node: ast.expr) -> bool:
    """Whether the program writes it as `model`, `self.net`: who calls such a thing wants its output."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return _called(name) is Kind.MODULE


def name_of(value: Value) -> str:
    """What the program calls a value of which nothing else is known."""
    # asked of nearly every value: patterns would take three times as long
    if isinstance(value, Unknown):
        return value.hint
    if isinstance(value, Part):
        if value.how in ("attribute", "method"):
            return value.key if isinstance(value.key, str) else ""
        return name_of(value.base) if value.how in ("element", "subscript") else ""
    if isinstance(value, Made) and isinstance(value.callee, Imported):
        return value.callee.dotted.rpartition(".")[2]  # `get_scheduler(...)` is most likely one
    return ""


def _is_none(value: Value) -> bool:
    return isinstance(value, Literal) and value.value is None
