"""Bugs of the types of data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Mutation, Planter, Source, keyword, name


def dtype_mismatch(source: Source) -> Iterator[Mutation]:
    """A cast behind an array or a table of integers goes, or the type of what is made of one."""
    if "nn" not in source.text:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Call):
            continue
        if name(node) in ("float", "long") and isinstance(node.func, ast.Attribute) and not node.args:
            inner = node.func.value
            if isinstance(inner, ast.Call) and name(inner) in ("from_numpy", "tensor", "as_tensor", "randint"):
                yield node, [source.put(node, source.of(inner))]
        if name(node) == "astype" and isinstance(node.func, ast.Attribute) and source.of(node).endswith("float32)"):
            yield node, [source.put(node, source.of(node.func.value))]
        kind = keyword(node, "dtype")
        made = kind is not None and name(node) in ("tensor", "array", "as_tensor")
        if made and re.search(r"(float32|torch\.float|torch\.long|int64)$", ast.unparse(kind)):  # type: ignore[arg-type]
            yield node, [source.without_argument(node, "dtype")]


PLANTERS: dict[str, Planter] = {"dtype-mismatch": dtype_mismatch}
