"""Tables of pandas: whether what is taken from one is a table again, or one column or row of it."""

from __future__ import annotations

import ast

from fixer.facts.program.values import Choice, Computed, Items, Literal, Made, Part, Value, options, roots
from fixer.facts.tensors.array_indexing import is_index

_TABLES = frozenset(
    {"DataFrame", "get_dummies", "read_csv", "read_table", "read_excel", "read_parquet", "read_feather"}
)
_SAME = frozenset(
    {"copy", "dropna", "fillna", "reset_index", "sample", "astype", "sort_values", "sort_index", "head", "tail"}
    | {"replace", "rename", "drop_duplicates", "clip", "round", "interpolate", "ffill", "bfill", "set_index"}
    | {"reindex", "query", "loc", "iloc", "shift", "isin", "map", "abs"}
)
"""What keeps a table a table, and a column a column."""
_NO_COLUMNS = frozenset(
    {"values", "shape", "columns", "index", "T", "size", "dtypes", "loc", "iloc", "at", "iat", "str"}
)
_DEEPEST = 12


def from_pandas(value: Value) -> bool:
    return any(isinstance(each, Made) and (each.dotted or "").startswith("pandas.") for each in roots(value))


def rank_of(value: Value, depth: int = _DEEPEST) -> int | None:
    """2 for a table, 1 for one column or row of one; None where that is not known, or it is neither."""
    if depth == 0:
        return None
    match value:
        case Choice():
            ranks = {rank_of(each, depth - 1) for each in options(value)}
            return ranks.pop() if len(ranks) == 1 else None
        case Made():
            module, _, name = (value.dotted or "").rpartition(".")
            return 2 if module == "pandas" and name in _TABLES and "squeeze" not in value.arguments.keywords else None
        case Part(how="method", key="drop", base=base):
            return 2 if rank_of(base, depth - 1) == 2 else None
        case Part(how="method", key="pop", base=base):
            return 1 if rank_of(base, depth - 1) == 2 else None
        case Part(how="method", key=str() as key, base=base):
            return rank_of(base, depth - 1) if key in _SAME else None
        case Part(how="attribute", key=str() as key, base=base):
            return 1 if key not in _NO_COLUMNS and rank_of(base, depth - 1) == 2 else None
        case Part(how="subscript", key=key, base=base, holds=holds):
            return _selected(base, key, holds[0] if holds else None, depth)
    return None


def _selected(base: Value, key: object, held: Value | None, depth: int) -> int | None:
    """`table["y"]`, `table[["a", "b"]]`, `table[table.y > 0]`, `table.iloc[:, 3]`."""
    located = isinstance(base, Part) and base.how == "attribute" and base.key in ("iloc", "loc")
    rank = rank_of(base.base if located and isinstance(base, Part) else base, depth - 1)
    if rank != 2 or not located:
        if rank is None:
            return None
        if isinstance(key, str):
            return 1 if rank == 2 else None
        return rank if isinstance(held, Items) or _is_mask(held) or _is_slice(held) else None
    if isinstance(held, Items) and isinstance(held.node, ast.Tuple) and len(held.items) == 2:
        kept = [_keeps(each) for each in held.items]
        return None if None in kept else sum(map(bool, kept))
    return 2 if held is not None and _keeps(held) else None


def _keeps(key: Value) -> bool | None:
    """Whether a dimension is left where this key selects from it."""
    if _is_slice(key) or _is_mask(key) or isinstance(key, Items):
        return True
    single = isinstance(key, Literal) and isinstance(key.value, str | int)
    return False if single or is_index(key) else None


def _is_slice(value: Value | None) -> bool:
    return value is not None and isinstance(value.node, ast.Slice)


def _is_mask(value: Value | None) -> bool:
    return isinstance(value, Computed) and isinstance(value.node, ast.Compare)
