"""The functions of torch.nn.functional, and torch's own of the same names, as facts: the twins of the layers."""

from __future__ import annotations

import re

from fixer.facts.modules.layers import Applied, adaptive_pool, pool
from fixer.facts.program.values import Arguments, Literal, Value
from fixer.facts.tensors import windows
from fixer.facts.tensors.array_changes import names
from fixer.facts.tensors.array_kinds import Array, Library, shape_of
from fixer.facts.tensors.sizes import whole

_SAME = names(
    "relu relu_ relu6 leaky_relu leaky_relu_ prelu rrelu elu elu_ selu celu gelu silu mish sigmoid tanh softplus "
    "softsign softshrink hardshrink hardtanh hardsigmoid hardswish tanhshrink logsigmoid threshold softmin softmax "
    "log_softmax gumbel_softmax dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout normalize "
    "layer_norm batch_norm group_norm instance_norm local_response_norm rms_norm"
)
_POOL = re.compile(r"(adaptive_)?(max|avg)_pool([123])d$")


def functional(dotted: str, arguments: Arguments) -> Array | None:
    """What a call of such a function makes of its first argument; None: not one of them, or not known."""
    module, _, name = dotted.rpartition(".")
    if module != "torch.nn.functional" and not (module == "torch" and _POOL.match(name)):
        return None
    known = _input(arguments) or (Array(Library.TORCH) if _POOL.match(name) else None)
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.complete)
    if known is None or known.library is not Library.TORCH:
        return None
    if name in _SAME:
        return known if known.floating is not False else None
    return _resized(name, known, rest) if arguments.complete else None


def keeps_shape(dotted: str) -> bool:
    """Whether it is an activation, dropout or the like."""
    module, _, name = dotted.rpartition(".")
    return module in ("torch", "torch.nn.functional") and name in _SAME


def _input(arguments: Arguments) -> Array | None:
    from fixer.facts.tensors.arrays import array

    given = arguments.get(0, "input")
    return array(given) if given is not None else None


def _resized(name: str, known: Array, rest: Arguments) -> Array | None:
    pooling = _POOL.match(name)
    if pooling is not None:
        return pool_function(name, known, rest).output
    if name in ("interpolate", "upsample") and known.shape is not None and len(known.shape) > 2:
        sizes = windows.scaled(known.shape[2:], rest, 0)
        return known.of_shape((*known.shape[:2], *sizes)).as_maps(known.maps)
    if name == "pad":
        return _padded(known, rest.get(0, "pad"))
    if name == "one_hot" and known.shape is not None:
        classes = rest.get(0, "num_classes")
        return Array(Library.TORCH, "int64", (*known.shape, whole(classes) if classes is not None else None))
    return None


def pool_function(name: str, known: Array, rest: Arguments) -> Applied:
    """`max_pool2d(x, 2)` and the like."""
    found = _POOL.match(name)
    if found is None:
        return Applied()
    count, average = int(found[3]), found[2] == "avg"
    if found[1]:
        return adaptive_pool(count, average, rest, known)
    return pool(count, average, rest, known, functional=True)


def _padded(known: Array, pad: Value | None) -> Array:
    around = shape_of(pad) if pad is not None and not isinstance(pad, Literal) else None
    if around is None or known.shape is None or len(around) // 2 > len(known.shape):
        return known.of_shape(None)
    return known.of_shape(windows.padded(known.shape, around))
