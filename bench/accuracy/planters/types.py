"""Bugs of the types of numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.passing import LAYER, takers
from planters.source import Edit, Mutation, Planter, Source, keyword, name

OTHER_TYPES = re.compile(r"set_default_(dtype|tensor_type)|autocast|\.half\(|bfloat16|\.double\(\)|precision=")
DOUBLES = re.compile(
    r"np\.(random\.(rand|randn|normal|uniform|random)|linspace|sin|cos|exp|zeros|ones|loadtxt|genfromtxt)\b"
    r"|\b(make_(regression|classification|moons|circles|blobs)|load_(iris|digits|wine|boston|diabetes|breast_cancer))\b"
    r"|\bread_csv\b|StandardScaler|MinMaxScaler"
)
"""Sources of float64 that everybody knows."""
SIMPLE = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)
"""What needs no parentheses before a dot."""


def dtype_mismatch(source: Source) -> Iterator[Mutation]:
    """A cast is forgotten where doubles are in sight before it, and asks for another type where they are not.

    Only casts of what goes to a layer or an embedding, or as the target to a loss that takes one type only.
    """
    if not LAYER.search(source.text) or OTHER_TYPES.search(source.text):
        return
    for node in source.nodes:
        if isinstance(node, ast.Call) and (cast := _cast(source, node)) is not None:
            wanted, edits = cast
            found = takers(source, node)
            taken = {"class loss", "indices"} if wanted == "long" else {"layer", "exact loss"}
            wrong = bool(taken & found)
            if wrong and not (wanted == "float" and "class loss" in found):
                yield node, edits
            elif wanted == "float" and found == {"logit loss"} and (integers := _as_integers(source, node)) is not None:
                yield node, integers


def _cast(source: Source, node: ast.Call) -> tuple[str, list[Edit]] | None:
    """The type that a call makes of something, "float" or "long", and the edits that spoil it."""
    called = name(node)
    if called in ("float", "long") and isinstance(node.func, ast.Attribute) and not node.args:
        inner = node.func.value
        forgotten = _doubles(source, inner) if called == "float" else _floats(source, inner)
        other = ".double()" if called == "float" else ".float()"
        written = source.of(inner) if isinstance(inner, SIMPLE) else f"({source.of(inner)})"
        return called, [source.put(node, written + ("" if forgotten else other))]
    if called in ("FloatTensor", "LongTensor") and isinstance(node.func, ast.Attribute) and node.args:
        if source.of(node.func.value) != "torch":
            return None
        other = "torch.DoubleTensor" if called == "FloatTensor" else "torch.FloatTensor"
        return called.removesuffix("Tensor").lower(), [source.put(node.func, other)]
    if called == "astype" and isinstance(node.func, ast.Attribute) and "float32" in "".join(map(source.of, node.args)):
        if _doubles(source, node.func.value):
            return "float", [source.put(node, source.of(node.func.value))]
        return "float", [source.put(node.args[0], source.of(node.args[0]).replace("float32", "float64"))]
    kind = keyword(node, "dtype")
    if kind is None or called not in ("tensor", "array", "as_tensor", "zeros", "ones", "linspace", "arange", "asarray"):
        return None
    text = source.of(kind)
    if re.search(r"(float32|torch\.float)$", text):
        array = "np." in source.of(node.func) or any(_doubles(source, each) for each in node.args[:1])
        if array:
            return "float", [source.without_argument(node, "dtype")]
        return "float", [source.put(kind, re.sub(r"float(32)?$", "float64", text))]
    if re.search(r"(torch\.long|torch\.int64)$", text):
        return "long", [source.put(kind, re.sub(r"(long|int64)$", "float32", text))]
    return None


def _as_integers(source: Source, node: ast.Call) -> list[Edit] | None:
    """What asks for floats asks for integers instead: what a loss of logits does not take."""
    if name(node) == "float" and isinstance(node.func, ast.Attribute):
        return [source.put(node, f"{source.of(node.func.value)}.long()")]
    if name(node) == "FloatTensor":
        return [source.put(node.func, "torch.LongTensor")]
    kind = keyword(node, "dtype")
    text = source.of(kind) if kind is not None else ""
    if kind is not None and re.search(r"torch\.float(32)?$", text):
        return [source.put(kind, re.sub(r"float(32)?$", "int64", text))]
    return None


def _doubles(source: Source, node: ast.expr) -> bool:
    """Whether what is converted comes from a source of float64."""
    return bool(DOUBLES.search(_origin(source, node)))


def _floats(source: Source, node: ast.expr) -> bool:
    """Whether what is converted is made as floats: class numbers that `np.zeros` or a table of floats holds."""
    return bool(
        re.search(r"(np|torch)\.(zeros|ones)\((?!.*(int|long))|FloatTensor|dtype=torch\.float", _origin(source, node))
    )


def _origin(source: Source, node: ast.expr, depth: int = 4) -> str:
    """The text of an expression and of what its names are assigned once."""
    texts = [source.of(node)]
    for each in ast.walk(node):
        if depth and isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            made = source.resolved(each)
            if made is not None and made is not each:
                texts.append(_origin(source, made, depth - 1))
    return " ".join(texts)


PLANTERS: dict[str, Planter] = {"dtype-mismatch": dtype_mismatch}
