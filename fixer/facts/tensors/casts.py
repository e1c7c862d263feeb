"""Casts of tensors and arrays as mends: how they are written, and whether other code can do with the new type."""

from __future__ import annotations

import ast

from fixer.edits import Edit, replace, set_keyword, wrap
from fixer.facts.loops.losses import CLASS_NUMBERS, loss_calls
from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.modules.layers import name_of
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.values import Arguments, Items, Made, Mapping, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_changes import names
from fixer.facts.tensors.array_kinds import dtype_of
from fixer.facts.tensors.makers import Maker, trail

_METHODS = {"float32": "float", "int64": "long"}
_WRITTEN = {"float32": "torch.float32", "int64": "torch.long"}
_TAKE_DTYPE = frozenset(
    f"torch.{each}" for each in ("tensor", "as_tensor", "zeros", "ones", "full", "empty", "arange", "linspace", "eye")
)
_FRACTIONS = frozenset({"rand", "randn", "normal", "uniform", "random", "standard_normal", "rand_like", "randn_like"})
_FUNCTIONS = names(
    "TensorDataset DataLoader Subset ConcatDataset random_split train_test_split len print zip enumerate list tuple "
    "iter next isinstance type str float int bool min max round abs sum tqdm stack cat from_numpy tensor as_tensor "
    "manual_seed unique equal allclose eq sin cos exp relu sigmoid tanh square randperm zeros_like ones_like"
)
"""Functions that take numbers of any type."""
_ANY_TYPE = names(
    "view reshape unsqueeze squeeze flatten to cuda cpu size dim numel detach clone eq ne lt le gt ge item tolist "
    "float double long int type contiguous split chunk sum max min argmax unique numpy permute transpose t expand "
    "repeat view_as type_as astype copy requires_grad_ pin_memory add sub mul append"
)
"""Methods that numbers of any type have."""
_FLOATS_ONLY = names("mean std var sqrt exp log sigmoid uniform_ normal_ div_ norm")


def cast(script: Script, made: Maker | None, node: ast.expr, wanted: str) -> Edit:
    """The edit that gives `node` (the maker's own text, or a use of it) the type `wanted`."""
    if made is not None and node is made.returned and node is not made.node:
        written = script.names.spelling(f"numpy.{wanted}") or f'"{wanted}"'
        return wrap(node, f"{{}}.astype({written})")
    edit = _at_the_source(script, made, wanted) if made is not None and node is made.node else None
    return edit or wrap(node, f"{{}}.{_METHODS[wanted]}()")


def _at_the_source(script: Script, made: Maker, wanted: str) -> Edit | None:
    value, node = made.value, made.node
    if not isinstance(node, ast.Call):
        return None
    written = script.names.spelling(_WRITTEN[wanted])
    if isinstance(value, Made) and written is not None:
        given = value.arguments.get(None, "dtype")
        named = any(each.arg == "dtype" for each in node.keywords)
        if named and dtype_of(given) is not None:
            return set_keyword(node, "dtype", written)
        if not named and value.dotted in _TAKE_DTYPE and value.arguments.complete:
            return set_keyword(node, "dtype", written)
    if isinstance(value, Part) and value.key in ("double", "long", "int", "short", "byte", "float") and not node.args:
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        if receiver is not None:
            return replace(node, f"{script.source(receiver)}.{_METHODS[wanted]}()")
    return None


def keeps_whole_numbers(made: Maker) -> bool:
    """Whether the numbers may be whole: not where they are drawn as fractions, of which a cast would make zeros."""
    value = made.value
    name = (value.dotted or "").rpartition(".")[2] if isinstance(value, Made) else str(getattr(value, "key", ""))
    return name not in _FRACTIONS


# -- other uses --------------------------------------------------------------------------------------------------------


def other_uses_allow(script: Script, made: Maker, wanted: str) -> bool:
    """Whether all that the program does with what `made` makes can be done with the type `wanted` as well."""
    if _indexes(script, made.node):
        return False
    for loss in loss_calls(script):
        if _comes_from(loss.target, made) and (loss.name in CLASS_NUMBERS) != (wanted == "int64"):
            return False
    if wanted != "int64" and any(
        (name_of(each.layer) or "").startswith("Embedding") and each.given is not None and _comes_from(each.given, made)
        for each in layer_calls(script)
    ):
        return False
    return all(_allows(call, made, wanted) for call in script.run.calls)


def _comes_from(value: Value, made: Maker) -> bool:
    return any(step is made.value for each in options(value) for step, _ in trail(each))


def _allows(call: Call, made: Maker, wanted: str) -> bool:
    result = call.result
    if isinstance(result, Part) and result.how == "method" and _comes_from(result.base, made):
        known = _ANY_TYPE | (frozenset() if wanted == "int64" else _FLOATS_ONLY)
        return result is made.value or str(result.key) in known
    if not any(_comes_from(each, made) for each in _given(call.arguments)):
        return True
    if call.cls is not None or kind(call.callee) in (Kind.MODULE, Kind.LOSS, Kind.DATASET):
        return True
    name = (call.dotted or "").rpartition(".")[2] or (str(result.key) if isinstance(result, Part) else "")
    in_sight = call.dotted is None and not isinstance(result, Part)
    return in_sight or name in _FUNCTIONS | _ANY_TYPE or name.endswith(("_loss", "entropy", "logits"))


def _given(arguments: Arguments) -> list[Value]:
    found = list(arguments.all())
    for each in arguments.all():
        if isinstance(each, Items):
            found += each.items
        elif isinstance(each, Mapping):
            found += each.items.values()
    return found


def _indexes(script: Script, node: ast.expr) -> bool:
    """Whether what the statement of `node` is bound to serves as an index somewhere."""
    statement = script.statement_of(node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    bound = {
        each.id if isinstance(each, ast.Name) else each.attr
        for target in targets
        for each in walk(target)
        if isinstance(each, ast.Name | ast.Attribute) and isinstance(each.ctx, ast.Store)
    }
    keys = [each.slice for each in script.parents if isinstance(each, ast.Subscript)]
    parts = [part for key in keys for part in (key.elts if isinstance(key, ast.Tuple) else [key])]
    return any(getattr(each, "id", getattr(each, "attr", None)) in bound for each in parts)
