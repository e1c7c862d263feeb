"""Whether a total, or a list of values, is read as numbers only: then it may just as well hold numbers."""

from __future__ import annotations

import ast

from fixer.facts.program.values import Function
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_DEPTH = 5
_READERS = frozenset(
    {"print", "float", "str", "repr", "round", "format", "abs", "info", "debug", "warning", "write", "set_postfix"}
    | {"set_description", "add_scalar", "add_scalars", "exp", "log", "sqrt", "isnan", "isfinite", "min", "max", "pow"}
    | {"set_postfix_str", "set_description_str", "log_metric", "log_metrics", "log_scalar", "error", "dict"}
)
_OF_LISTS = frozenset({"sum", "len", "min", "max", "mean", "average", "median", "plot", "print", "array", "asarray"})


def read_as_number(script: Script, target: ast.expr) -> bool:
    """Whether all reads of a local name print it, compare it or compute with it."""
    return isinstance(target, ast.Name) and _Reads(script).name(target.id, target, _DEPTH)


def read_as_numbers(script: Script, target: ast.expr) -> bool:
    """The same of the elements of a list."""
    return isinstance(target, ast.Name) and _Reads(script).elements(target.id, target, _DEPTH)


class _Reads:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.done: set[ast.AST] = set()

    def _loads(self, name: str, near: ast.AST) -> list[ast.Name] | None:
        """All reads of a name of this function; None where it may be read elsewhere."""
        scope = self.script.function_of(near) or self.script.tree
        found = []
        for node in walk(scope):
            match node:
                case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                    return None
                case ast.Name(id=other, ctx=ast.Load()) if other == name and node not in self.done:
                    if (self.script.function_of(node) or self.script.tree) is scope:
                        found.append(node)
                    elif scope is not self.script.tree or not self._own(name, node):
                        return None
        self.done.update(found)
        return found

    def _own(self, name: str, node: ast.AST) -> bool:
        """Whether the function around `node` has a variable of this name."""
        function = self.script.function_of(node)
        nodes = walk(function) if function is not None else []
        stores = (each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))
        return name in stores or any(isinstance(each, ast.arg) and each.arg == name for each in nodes)

    def name(self, name: str, near: ast.AST, depth: int) -> bool:
        loads = self._loads(name, near)
        return loads is not None and all(self.use(each, depth) for each in loads)

    def elements(self, name: str, near: ast.AST, depth: int) -> bool:
        loads = self._loads(name, near)
        return loads is not None and all(self._element_use(each, depth) for each in loads)

    def _element_use(self, node: ast.expr, depth: int) -> bool:
        match self.script.parents[node]:
            case ast.Attribute(attr="append"):
                return True
            case ast.Subscript(value=value, slice=key) as read if value is node:
                return self._element_use(read, depth) if isinstance(key, ast.Slice) else self.use(read, depth)
            case ast.Call(func=func, args=args) as call if node in args and _called(func) in _OF_LISTS:
                return _called(func) in ("plot", "print", "len") or self.use(call, depth)
            case ast.Expr() | ast.FormattedValue():
                return True
        return False

    def use(self, node: ast.expr, depth: int) -> bool:
        """Whether a number would do for this read."""
        parent = self.script.parents[node]
        match parent:
            case ast.BinOp() | ast.UnaryOp() | ast.IfExp() | ast.Dict() | ast.keyword() | ast.Tuple() | ast.NamedExpr():
                if isinstance(parent, ast.Tuple) and not isinstance(self.script.parents[parent], ast.BinOp):
                    return self._unpacked(parent, parent.elts.index(node), depth)
                return self.use(parent, depth) if isinstance(parent, ast.expr) else self._keyword(parent)
            case ast.FormattedValue() | ast.Compare() | ast.Expr() | ast.BoolOp():
                return True
            case ast.Call(func=func, args=args):
                if _called(func) == "append" and isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
                    return depth > 0 and self.elements(func.value.id, func.value, depth - 1)
                return node in args and _called(func) in _READERS
            case ast.AugAssign(target=ast.Name(id=name) as target):
                return depth > 0 and self.name(name, target, depth - 1)
            case ast.Assign(targets=[ast.Name(id=name) as bound]):
                return depth > 0 and self.name(name, bound, depth - 1)
            case ast.Return():
                return depth > 0 and self._returned(parent, None, depth - 1)
        return False

    def _keyword(self, keyword: ast.AST) -> bool:
        call = self.script.parents[keyword]
        return isinstance(call, ast.Call) and _called(call.func) in _READERS

    def _unpacked(self, display: ast.Tuple, index: int, depth: int) -> bool:
        parent = self.script.parents[display]
        return isinstance(parent, ast.Return) and depth > 0 and self._returned(parent, index, depth - 1)

    def _returned(self, statement: ast.Return, index: int | None, depth: int) -> bool:
        """What the callers of this function, all of them in this file, do with what it returns."""
        function = self.script.function_of(statement)
        calls = {
            call.node
            for call in self.script.run.calls
            if isinstance(call.callee, Function) and call.callee.function is function
        }
        if not calls or any(self.script.home(each) is not None for each in calls):
            return False
        return all(self._result(call, index, depth) for call in calls)

    def _result(self, call: ast.Call, index: int | None, depth: int) -> bool:
        parent = self.script.parents[call]
        if index is None:
            return self.use(call, depth)
        match parent:
            case ast.Expr():
                return True
            case ast.Assign(targets=[ast.Tuple(elts=elements)]) if index < len(elements):
                bound = elements[index]
                return isinstance(bound, ast.Name) and self.name(bound.id, bound, depth)
        return False


def _called(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
