"""Where the value of an expression goes inside its file, told by names: enough to see which casts matter.

Coarse on purpose, and of its own: nothing here asks the facts that are measured.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from planters.source import Source, keyword, name

LAYER = re.compile(r"\b(Linear|Conv[123]d|LSTM|GRU|RNN)\(")
EMBEDDING = re.compile(
    r"(torch\.)?(nn\.)?Embedding(Bag)?\(|(torch\.)?(nn\.)?Sequential\(\s*(torch\.)?(nn\.)?Embedding\("
)
_KEEPING = {
    *("to", "cuda", "cpu", "view", "reshape", "unsqueeze", "squeeze", "permute", "transpose", "t", "flatten", "copy"),
    *("contiguous", "detach", "clone", "requires_grad_", "expand", "repeat"),
}
_WRAPPING = {
    *("Variable", "from_numpy", "tensor", "as_tensor", "unsqueeze", "squeeze", "cat", "stack", "concatenate"),
}
_CLASS_LOSSES = ("CrossEntropyLoss", "NLLLoss", "cross_entropy", "nll_loss")
_EXACT_LOSSES = ("BCELoss", "binary_cross_entropy")
_LOGIT_LOSSES = ("BCEWithLogitsLoss", "binary_cross_entropy_with_logits")  # they take doubles, but no integers
_LOSSES = {"class loss": _CLASS_LOSSES, "exact loss": _EXACT_LOSSES, "logit loss": _LOGIT_LOSSES}
Scope = ast.AST | None
Place = tuple[Scope, str]


class Passing:
    """What one value is given to: "layer", "indices", "class loss", "exact loss", "logit loss"."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.takers: set[str] = set()
        self.seen: set[tuple[Scope, str, int]] = set()
        self.functions: dict[str, list[ast.FunctionDef]] = {}
        for node in source.nodes:
            if isinstance(node, ast.FunctionDef):
                self.functions.setdefault(node.name, []).append(node)
        self.classes = {node.name: node for node in source.nodes if isinstance(node, ast.ClassDef)}

    # -- what is called --------------------------------------------------------------------------------------------

    def _made(self, callee: ast.expr) -> list[ast.expr]:
        """What is assigned to the name or attribute that is called."""
        wanted = ast.unparse(callee).rpartition(".")[2]
        found = []
        for node in self.source.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name | ast.Attribute) and _last(target) == wanted:
                        found.append(node.value)
        return found

    def _is_layer(self, made: ast.expr) -> bool:
        text = self.source.of(made)
        if re.search(r"^(torch\.)?(nn\.)?Sequential\(\s*(torch\.)?(nn\.)?Embedding", text):
            return False
        if isinstance(made, ast.Call) and name(made) in self.functions:
            return any("Sequential(" in self.source.of(each) for each in self.functions[name(made)])
        return bool(LAYER.search(text))

    def _loss(self, call: ast.Call) -> str | None:
        texts = [name(call), *(self.source.of(each) for each in self._made(call.func))]
        for kind, losses in _LOSSES.items():
            if any(text == loss or f"{loss}(" in text for text in texts for loss in losses):
                return kind
        return None

    def _bodies(self, call: ast.Call) -> Iterator[tuple[ast.FunctionDef, int]]:
        """The functions of the file that a call may run, and how many parameters come before the first argument."""
        for function in self.functions.get(name(call), []):
            method = isinstance(self.source.parents[function], ast.ClassDef)
            yield function, int(method)
        if name(call) in self.classes:
            yield from ((each, 1) for each in self._methods(self.classes[name(call)], "__init__"))
        owner = next((x for x in self.source.above(call) if isinstance(x, ast.ClassDef)), None)
        if isinstance(call.func, ast.Name) and call.func.id == "self" and owner is not None:
            yield from ((each, 1) for each in self._methods(owner, "forward"))
        for made in self._made(call.func):
            for inner in ast.walk(made):
                for cls in self._instances(inner):
                    yield from ((each, 1) for each in self._methods(cls, "forward"))

    def _instances(self, made: ast.AST) -> list[ast.ClassDef]:
        """The classes that a call makes an instance of, itself or in a function of the file."""
        if not isinstance(made, ast.Call):
            return []
        bodies = [made, *self.functions.get(name(made), [])]
        called = {name(each) for body in bodies for each in ast.walk(body) if isinstance(each, ast.Call)}
        return [self.classes[each] for each in sorted(called & self.classes.keys())]

    def _methods(self, cls: ast.ClassDef, called: str) -> list[ast.FunctionDef]:
        return [each for each in cls.body if isinstance(each, ast.FunctionDef) and each.name == called]

    # -- where a value goes ----------------------------------------------------------------------------------------

    def follow(self, node: ast.expr, depth: int = 40) -> None:
        """On to all that the value of an expression is given to."""
        parent = self.source.parents.get(node)
        if depth == 0 or parent is None:
            return
        match parent:
            case ast.Attribute(attr=attr) if attr in _KEEPING:
                call = self.source.parents[parent]
                if isinstance(call, ast.Call) and call.func is parent and "torch.float" not in self.source.of(call):
                    self.follow(call, depth - 1)
            case ast.Subscript(value=value) if value is node:
                self.follow(parent, depth - 1)
            case ast.BinOp():
                self.follow(parent, depth - 1)
            case ast.keyword() | ast.Starred():
                pass
            case ast.Tuple() | ast.List():
                self._in_tuple(parent, parent.elts.index(node), depth)
            case ast.Call():
                self._given(parent, node, depth)
            case ast.Assign(targets=[target]):
                self._bound(target, depth)
            case ast.Return():
                self._returned(parent, None, depth)

    def _in_tuple(self, both: ast.Tuple | ast.List, index: int, depth: int) -> None:
        outer = self.source.parents[both]
        match outer:
            case ast.Assign(targets=[ast.Tuple(elts=targets)]) if len(targets) == len(both.elts):
                self._bound(targets[index], depth)
            case ast.Return():
                self._returned(outer, index, depth)
            case ast.Call() if name(outer) in _WRAPPING:
                self.follow(outer, depth - 1)

    def _given(self, call: ast.Call, node: ast.expr, depth: int) -> None:
        if node is call.func or node not in call.args:
            return
        index = call.args.index(node)
        if name(call) in _WRAPPING and keyword(call, "dtype") is None:
            self.follow(call, depth - 1)
        elif name(call) == "TensorDataset":
            self._drawn(index, len(call.args), depth)
        elif index == 0 and any(map(self._is_layer, self._made(call.func))):
            self.takers.add("layer")
        elif index == 0 and any(EMBEDDING.match(self.source.of(each)) for each in self._made(call.func)):
            self.takers.add("indices")
        elif index == 1 and (loss := self._loss(call)) is not None:
            self.takers.add(loss)
        else:
            for function, before in self._bodies(call):
                names = [each.arg for each in function.args.args]
                if index + before < len(names):
                    self._uses((function, names[index + before]), depth)

    def _bound(self, target: ast.expr, depth: int) -> None:
        if isinstance(target, ast.Name):
            self._uses((self._scope(target), target.id), depth, target.lineno)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
            owner = next((x for x in self.source.above(target) if isinstance(x, ast.ClassDef)), None)
            self._uses((owner, f"self.{target.attr}"), depth)

    def _scope(self, node: ast.AST) -> Scope:
        return next((x for x in self.source.above(node) if isinstance(x, ast.FunctionDef)), None)

    def _parameters(self, node: ast.AST) -> list[str]:
        function = self._scope(node)
        return [each.arg for each in function.args.args] if isinstance(function, ast.FunctionDef) else []

    def _until(self, nodes: list[ast.AST], called: str, since: int) -> int:
        """The line of the next assignment that makes something else of a plain name: `target = target.argmax(1)`."""
        lines = [
            node.lineno
            for node in nodes
            if isinstance(node, ast.Assign)
            and node.lineno > since > 0
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == called
            and not isinstance(self.source.parents[node], ast.If)
        ]
        return min(lines, default=sys.maxsize)

    def _uses(self, place: Place, depth: int, since: int = 0) -> None:
        """On from every place where the name is read, up to where it is bound anew behind line `since`."""
        if (*place, since) in self.seen:
            return
        self.seen.add((*place, since))
        scope, called = place
        nodes = list(ast.walk(scope)) if scope is not None else self.source.nodes
        last = self._until(nodes, called, since)
        for node in nodes:
            read = isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
            if scope is None and called in self._parameters(node):
                continue  # something else of the same name
            if read and ast.unparse(node) == called and node.lineno <= last:  # type: ignore[attr-defined]
                self.follow(node, depth - 1)  # type: ignore[arg-type]

    def _returned(self, statement: ast.Return, index: int | None, depth: int) -> None:
        function = self._scope(statement)
        if not isinstance(function, ast.FunctionDef):
            return
        if function.name == "__getitem__":
            self._drawn(index or 0, None, depth)
        for call in self.source.calls(function.name):
            parent = self.source.parents[call]
            if index is None:
                self.follow(call, depth - 1)
            elif isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Tuple):
                targets = parent.targets[0].elts
                if index < len(targets):
                    self._bound(targets[index], depth)

    def _drawn(self, index: int, count: int | None, depth: int) -> None:
        """On from the loops over loaders."""
        if "DataLoader" not in self.source.text:
            return
        for loop in self.source.nodes:
            if not isinstance(loop, ast.For) or "oader" not in self.source.of(loop.iter):
                continue
            target = loop.target
            if isinstance(target, ast.Tuple) and "enumerate" in self.source.of(loop.iter):
                target = target.elts[-1]
            parts = target.elts if isinstance(target, ast.Tuple) else []
            if index < len(parts) and count in (None, len(parts)):
                self._bound(parts[index], depth)


def takers(source: Source, node: ast.expr) -> set[str]:
    """What an expression's value goes to: "layer", "indices" of embeddings, "class loss", ... (as their target)."""
    passing = Passing(source)
    passing.follow(node)
    return passing.takers


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr
