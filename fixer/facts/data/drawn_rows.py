"""Which loader's batches a value has a row for each sample of: what is computed from them, or drawn for as many."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable

from fixer.facts.data.batches import Batches, batches
from fixer.facts.modules.called import members_of, module_of
from fixer.facts.modules.forwards import forward_of
from fixer.facts.modules.layers import name_of
from fixer.facts.program.values import Arguments, Choice, Computed, Imported, Items, Literal, Made, Part, Value
from fixer.facts.tensors.array_changes import SAME, names
from fixer.facts.tensors.arrays import array
from fixer.facts.tensors.sizes import counted, whole

RESHAPES = frozenset({"view", "reshape"})
RECURRENT = frozenset({"RNN", "LSTM", "GRU"})
FILLED = frozenset(f"torch.{each}" for each in ("zeros", "ones", "full", "rand", "randn", "empty"))
_DRAWN = frozenset(f"numpy.random.{each}" for each in ("normal", "uniform", "randint", "choice"))
"""The size comes last."""
_CONVERTS = re.compile(r"torch\.(from_numpy|tensor|as_tensor|(cuda\.)?(Float|Long|Double)?Tensor)$")
KEEPS_ROWS = SAME | names(
    "float double half long int to type relu sigmoid tanh softmax log_softmax dropout gelu leaky_relu elu "
    "max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool2d adaptive_max_pool2d "
    "dropout1d dropout2d normalize clamp abs log exp sqrt interpolate pad div mul add sub "
    "type_as normal_ uniform_ random_ fill_ zero_ scatter_ requires_grad_"
)
_KEEPS_ROWS_BEHIND = names("unsqueeze squeeze flatten")
"""These keep the rows where they are told a dimension behind the first one."""
_DEEPEST = 20


def batch_of(value: Value, depth: int = _DEEPEST) -> Batches | None:
    """The loader whose batches `value` has a row for each sample of."""
    if depth == 0:
        return None
    if isinstance(value, Choice):
        found = {id(each): each for each in (batch_of(one, depth - 1) for one in value.options)}
        return found.popitem()[1] if len(found) == 1 else None
    match value:
        case Part(how="element", base=base) if batches(base) is not None:
            return batches(base)
        case Part(how="subscript", key=int() | str(), base=Part(how="element", base=base)) if batches(base) is not None:
            return batches(base)
        case Part(how="subscript", key=0, base=Made() as base) if _recurrent(base):
            return batch_of(base, depth - 1)
        case Part(how="method", key=str() as name, base=base, arguments=given) if given is not None:
            kept = name in KEEPS_ROWS or (name in _KEEPS_ROWS_BEHIND and _behind(given.positional[:1]))
            counts = name in RESHAPES and bool(given.positional) and _leaves_rows(base, given.positional)
            counts = counts or (name in ("transpose", "permute") and _rows_first(name, given.positional))
            return batch_of(base, depth - 1) if kept or counts else None
        case Part(how="subscript", key=None, base=base, holds=[Items(items=[first, *_])]) if _is_all(first):
            return batch_of(base, depth - 1)
        case Computed(node=ast.BinOp(), operands=[left, right]):
            return batch_of(left, depth - 1) or batch_of(right, depth - 1)
        case Made(callee=Imported(dotted=dotted)) if dotted in FILLED | _DRAWN:
            return _as_many_as(value, depth)
        case Made(callee=Imported(dotted=dotted), arguments=given) if given.positional and _CONVERTS.match(dotted):
            return _as_many_as(value, depth) or batch_of(given.positional[0], depth - 1)
        case Made(callee=Imported(dotted="torch.cat"), arguments=Arguments(positional=[Items() as parts, *_]) as given):
            several = [batch_of(each, depth - 1) for each in parts.items] if behind(given) else []
            return next((each for each in several if each is not None), None)
        case Made(callee=Imported(dotted=dotted), arguments=given) if given.positional:
            module, _, name = dotted.rpartition(".")
            if module == "einops":
                return batch_of(given.positional[0], depth - 1) if _same_first(given.get(1, "pattern")) else None
            kept = name in KEEPS_ROWS or (name in _KEEPS_ROWS_BEHIND and _behind(given.positional[1:2]))
            ours = module in ("torch", "torch.nn.functional", "torch.autograd")
            return batch_of(given.positional[0], depth - 1) if ours and (kept or name == "Variable") else None
        case Made():
            return _behind_module(value, depth)
    return None


def _as_many_as(made: Made, depth: int) -> Batches | None:
    """The batch of which a factory is asked for a row for each sample: `torch.randn(x.size(0), 100)`."""
    given = made.arguments
    written = given.positional[-1:] if made.dotted in _DRAWN else given.positional[:1]
    size = given.get(None, "size") or (written[0] if written else None)
    first = size.items[0] if isinstance(size, Items) and size.items else size
    asked = counted(first) if first is not None else None
    return batch_of(asked[0], depth - 1) if asked is not None and asked[1] == 0 else None


def _behind_module(call: Made, depth: int) -> Batches | None:
    module = module_of(call.callee)
    if module is None or not call.arguments.positional:
        return None
    if module.cls is not None:
        followed = forward_of(call)
        return batch_of(followed.value, depth - 1) if followed is not None else None
    return batch_of(call.arguments.positional[0], depth - 1) if _keeps_rows(module) else None


def _same_first(pattern: Value | None) -> bool:
    """Whether the first axis of a pattern of einops is what it was: `b c (h p) -> b h (p c)`."""
    text = pattern.value if isinstance(pattern, Literal) and isinstance(pattern.value, str) else ""
    before, _, after = text.partition("->")
    return bool(after.split()) and before.split()[:1] == after.split()[:1] and after.split()[0].isidentifier()


def _keeps_rows(layer: Made) -> bool:
    if (layer.dotted or "").startswith("einops.layers.torch."):
        return _same_first(layer.arguments.get(0, "pattern"))
    name = name_of(layer) or ""
    if name == "Sequential":
        members = members_of(layer)
        return members is None or all(isinstance(each, Made) and (each.cls or _keeps_rows(each)) for each in members)
    if name in RECURRENT:
        return batch_first(layer)
    if name == "Flatten":
        return not layer.arguments.all()
    return bool(name) and name not in ("Unflatten", "Fold", "Unfold", "MultiheadAttention", "Transformer")


def batch_first(layer: Made) -> bool:
    given = layer.arguments.get(None, "batch_first") or layer.arguments.get(4, "batch_first")
    return isinstance(given, Literal) and given.value is True


def _recurrent(call: Made) -> bool:
    module = module_of(call.callee) if not isinstance(call.callee, Imported) else None
    return module is not None and name_of(module) in RECURRENT and batch_first(module)


def behind(given: Arguments) -> bool:
    """Whether `torch.cat(parts, dim=1)` puts its parts side by side, each row beside another."""
    dim = given.get(1, "dim") or given.get(None, "axis")
    return dim is not None and _behind([dim])


def _behind(dims: list[Value]) -> bool:
    first = dims[0] if dims else None
    return isinstance(first, Literal) and isinstance(first.value, int) and first.value != 0


def _leaves_rows(base: Value, sizes: list[Value]) -> bool:
    """Whether a new shape has a row for each of the old ones: it asks for their number, or leaves each as it is."""
    asked = counted(sizes[0])
    if asked is not None:
        return asked[1] == 0
    if whole(sizes[0]) != -1:
        return False
    known = array(base)
    old, new = known.shape[1:] if known is not None and known.shape else (None,), [whole(each) for each in sizes[1:]]
    return _product(old) == _product(new) is not None


def _product(sizes: Iterable[int | None]) -> int | None:
    several = list(sizes)
    known = [each for each in several if each is not None and each > 0]
    return math.prod(known) if len(known) == len(several) else None


def _rows_first(name: str, dims: list[Value]) -> bool:
    """Whether the rows stay where they are: `x.transpose(1, 2)`, `x.permute(0, 2, 1)`."""
    if name == "permute":
        return bool(dims) and whole(dims[0]) == 0
    return len(dims) == 2 and all((whole(each) or 0) > 0 for each in dims)


def _is_all(key: Value) -> bool:
    """Whether it is the `:` of `x[:, 0]`."""
    match key.node:
        case ast.Slice(lower=None, upper=None, step=None):
            return True
    return False
