"""Datasets and loaders: which dataset a loader draws from, who else uses it, and where it takes a transform."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixer.facts.program.following import kept
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Branch, Inlined, ancestors
from fixer.facts.program.values import (
    Class,
    Function,
    Items,
    Literal,
    Made,
    Mapping,
    Part,
    Value,
    options,
)
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

LOADER = "torch.utils.data.DataLoader"
_SPLITS = frozenset({"torch.utils.data.random_split", "torch.utils.data.Subset"})
# Position of `transform` among the parameters of torchvision's datasets whose samples are (image, target).
_TRANSFORM_AT = {
    "FakeData": 3,
    "MNIST": 2,
    "FashionMNIST": 2,
    "KMNIST": 2,
    "QMNIST": None,
    "EMNIST": None,
    "CIFAR10": 2,
    "CIFAR100": 2,
    "SVHN": 2,
    "STL10": 3,
    "USPS": 2,
    "ImageFolder": 1,
    "DatasetFolder": 3,
    "Caltech101": 2,
    "Caltech256": 1,
    "Food101": 2,
    "Flowers102": 2,
    "DTD": 3,
    "GTSRB": 2,
    "StanfordCars": 2,
    "OxfordIIITPet": 4,
    "EuroSAT": 1,
    "SEMEION": 1,
    "Places365": 4,
    "CelebA": 3,
    "FGVCAircraft": 3,
    "Country211": 2,
    "PCAM": 2,
    "RenderedSST2": 2,
    "SUN397": 1,
    "LSUN": 2,
    "Omniglot": 2,
}


@dataclass(frozen=True)
class Loader:
    """A call of `DataLoader`, and what it draws from."""

    call: Call
    dataset: Value


def loaders(script: Script) -> Iterator[Loader]:
    """The loaders that the program makes, with torch's own class (not a subclass of the file or of another library)."""
    for call in script.calls(LOADER):
        dataset = call.arguments.get(0, "dataset")
        if dataset is not None:
            yield Loader(call, dataset)


def given_to(script: Script, value: Value) -> list[Call]:
    """The calls that are given `value` as an argument, alone, in a list, or as one of several possible values."""
    return [call for call in script.run.calls if any(_is_or_holds(each, value) for each in call.arguments.all())]


def _is_or_holds(argument: Value, value: Value) -> bool:
    for each in options(argument):
        if each is value:
            return True
        if isinstance(each, Items) and any(value in options(item) for item in each.items):
            return True
        if isinstance(each, Mapping) and any(value in options(item) for item in each.items.values()):
            return True
    return False


def constructions(script: Script, made: Made) -> list[Made]:
    """All objects that the same call in the source made; more than one where a helper runs several times."""
    return [each for each in script.run.objects if each.node is made.node]


def sources(dataset: Value) -> list[Value]:
    """The datasets that `dataset` is a part of (`random_split`, `Subset`), itself where it is not a part."""
    found = []
    for each in options(dataset):
        base = each.base if isinstance(each, Part) and each.how in ("subscript", "element") else each
        if isinstance(base, Made) and base.dotted in _SPLITS and base.arguments.positional:
            found.extend(sources(base.arguments.positional[0]))
        else:
            found.append(each)
    return found


# -- a dataset's own transform -----------------------------------------------------------------------------------------


def torchvision_dataset(made: Made) -> str | None:
    """The name of the torchvision class whose samples are (image, target) that `made` is an instance of."""
    module, _, name = (made.dotted or "").rpartition(".")
    return name if module == "torchvision.datasets" and name in _TRANSFORM_AT else None


def own_transform(made: Made) -> Value | None:
    """The transform that a dataset was given; a None literal where it takes one and has none; None: it takes none."""
    name = torchvision_dataset(made)
    if name is not None:
        given = made.arguments.get(_TRANSFORM_AT[name], "transform")
        return given or (Literal() if made.arguments.complete else None)
    position = _parameter(made.cls, "transform") if made.cls else None
    if position is None or not made.arguments.complete or not _calls_attribute(made, "transform"):
        return None
    return made.arguments.get(position, "transform") or made.attributes.get("transform")


def _parameter(cls: Class, name: str) -> int | None:
    """The position, behind `self`, of a parameter of `__init__`."""
    constructor = cls.find("__init__")
    if not isinstance(constructor, Function) or not isinstance(constructor.function, ast.FunctionDef):
        return None
    spec = constructor.function.args
    names = [each.arg for each in [*spec.posonlyargs, *spec.args]][1:]
    if name in names:
        return names.index(name)
    return len(names) if name in [each.arg for each in spec.kwonlyargs] else None


def indexable(dataset: Value) -> bool:
    """Whether nothing speaks against `dataset[index]` and `len(dataset)`."""
    for each in sources(dataset):
        if isinstance(each, Made) and each.cls is not None:
            if each.cls.find("__getitem__") is None and each.cls.find("__iter__") is not None:
                return False
        elif isinstance(each, Items | Mapping) or (isinstance(each, Made) and "Iter" in (each.dotted or "")):
            return False
    return True


def _calls_attribute(made: Made, name: str) -> bool:
    """Whether the methods of the object's class call `self.name`, always with one argument."""
    assert made.cls is not None
    bodies = [each.definition for each in made.cls.mro() if isinstance(each, Class) and each.definition is not None]
    calls = [
        node
        for body in bodies
        for node in walk(body)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        and isinstance(node.func.value, ast.Name)
    ]
    return bool(calls) and all(len(call.args) == 1 and not call.keywords for call in calls)


# -- what surrounds a call ---------------------------------------------------------------------------------------------

_CATCHES = frozenset({"TypeError", "ValueError", "AttributeError", "RuntimeError", "Exception", "BaseException"})
_FAILS = re.compile(r"#.*\b(will|should|would|to) (error|fail|raise|crash|break)")
_ASKS_FOR_TYPES = frozenset({"isinstance", "type", "is_tensor", "hasattr", "issubclass"})


def guarded(script: Script, call: Call) -> bool:
    """Whether the call is made only after a look at the type of something, or its failure is caught or awaited.

    A `try` around a step of training that goes on as if nothing had happened is no guard: each failure loses the step.
    """
    for node in ancestors(call.event):
        if isinstance(node, Branch):
            if isinstance(node.node, ast.If | ast.IfExp) and _asks(node.node.test):
                return True
            if isinstance(node.node, ast.Try | ast.TryStar) and _catches_it(node.node):
                return True
    around: ast.AST | None = call.node
    while around is not None:
        if isinstance(around, ast.With) and any(map(_awaits, around.items)):
            return True
        around = script.parents.get(around)
    return _announced(script, call)


def _announced(script: Script, call: Call) -> bool:
    """Whether a comment just above says that this fails: "this will error"."""
    lines = kept(script, "lines with announced failures", lambda: _announcing(script))
    code = 0
    for line in map(str.strip, reversed(lines[: call.node.lineno])):
        if _FAILS.search(line):
            return True
        code += bool(line) and not line.startswith("#")
        if code > 3:
            break
    return False


def _announcing(script: Script) -> list[str]:
    """The lines of a file that says somewhere that something fails; none of any other."""
    return script.lowered.split("\n") if _FAILS.search(script.lowered) else []


def inside_item(call: Call) -> bool:
    """Whether the call is made in `__getitem__`, or in what it calls."""
    functions = [node.function.function for node in ancestors(call.event) if isinstance(node, Inlined)]
    return any(getattr(each, "name", "") == "__getitem__" for each in functions)


def _asks(test: ast.expr) -> bool:
    """Whether a test looks at the type of something: `isinstance(x, ...)`, `torch.is_tensor(x)`, `type(x) is ...`."""
    called = [node.func for node in walk(test) if isinstance(node, ast.Call)]
    return any(getattr(func, "id", getattr(func, "attr", "")) in _ASKS_FOR_TYPES for func in called)


def _awaits(item: ast.withitem) -> bool:
    """`with pytest.raises(...)`, `self.assertRaises(...)`, `contextlib.suppress(...)`."""
    called = item.context_expr.func if isinstance(item.context_expr, ast.Call) else None
    name = getattr(called, "attr", getattr(called, "id", ""))
    return name.startswith("assertRaises") or name in ("raises", "suppress")


def _catches_it(attempt: ast.Try | ast.TryStar) -> bool:
    return any(map(_catches, attempt.handlers)) and not _loses_a_step(attempt)


def _loses_a_step(attempt: ast.Try | ast.TryStar) -> bool:
    """Whether a step of training is tried, and a failure at most printed: nobody shows an error on purpose so."""
    nodes = [node for part in attempt.body for node in walk(part)]
    done = {node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    return {"backward", "step"} <= done and all(_goes_on(each) for on in attempt.handlers for each in on.body)


def _goes_on(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))) | ast.Pass() | ast.Continue():
            return True
    return False


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    return any(getattr(node, "id", getattr(node, "attr", "")) in _CATCHES for node in walk(handler.type))
