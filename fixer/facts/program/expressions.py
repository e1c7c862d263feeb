"""Expressions -> values. Calls in them are followed (`fixer.facts.program.calls`), in the order of evaluation."""

from __future__ import annotations

import ast
from typing import Any

from fixer.facts.program.displays import Displays
from fixer.facts.program.elsewhere import Elsewhere
from fixer.facts.program.environment import Environment
from fixer.facts.program.growth import joined
from fixer.facts.program.names import canonical
from fixer.facts.program.sequences import cut, plain
from fixer.facts.program.training import EventKind
from fixer.facts.program.values import (
    Choice,
    Class,
    Computed,
    Function,
    Imported,
    Items,
    Literal,
    Made,
    Mapping,
    Part,
    Unknown,
    Value,
    join,
    roots,
)
from fixer.facts.program.walk import children

# iterating over what these return is iterating over their first argument
_PASS_THROUGH = frozenset({"list", "tuple", "set", "iter", "reversed", "sorted", "itertools.cycle", "itertools.islice"})


GRADIENTS = frozenset({"grad", "_grad", "main_grad", "full_grad"})
"""Attributes that hold a parameter's gradient, in torch and in libraries that keep a copy."""


class Expressions(Elsewhere, Displays):
    def value(self, node: ast.expr | None, env: Environment) -> Value:
        """The value of an expression; the events in it are recorded on the way."""
        if type(node) is ast.Name:  # these two are half of all expressions
            return env.get(node.id)
        if type(node) is ast.Constant:
            return Literal(node, value=node.value)
        match node:
            case None:
                return Literal()
            case ast.Attribute(value=base, attr=name):
                return self.attribute(self.value(base, env), name, node)
            case ast.Call():
                return self.call(node, env)
            case ast.Subscript(value=base, slice=key):
                return self.subscript(self.value(base, env), self.value(key, env), node)
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return self.display(node, elements, env)
            case ast.Dict():
                return self.dictionary(node, env)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self.comprehension(node, env)
            case ast.Lambda():
                return Function(node, function=node, scope=env)
        return self._operator(node, env)

    def _operator(self, node: ast.expr, env: Environment) -> Value:
        match node:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                known = self.truth(test, self.value(test, env), env)
                if known is not None:
                    return self.value(body if known else orelse, env)
                return join(self._arms(node, [body, orelse], env))
            case ast.BoolOp(values=[first, *rest]):
                return join([self.value(first, env), *self._arms(node, [*rest, None], env)[:-1]])
            case ast.NamedExpr(target=target, value=inner):
                value = self.value(inner, env)
                env.set(target.id, value)
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return Literal(node, value=-number)
            case ast.Await(value=inner) | ast.Starred(value=inner):
                return self.value(inner, env)
            case ast.Yield(value=inner) | ast.YieldFrom(value=inner):
                self._yield(node, self.value(inner, env) if inner else Literal())
                return Unknown(node)
        operands = [self.value(child, env) for child in children(node) if isinstance(child, ast.expr)]
        if isinstance(node, ast.BinOp) and (both := joined(node.op, *operands)) is not None:
            return Items(node, items=both, home=self.block)
        if isinstance(node, ast.JoinedStr):
            return self._text(node, operands)
        return Computed(node, operands=operands)

    def _text(self, node: ast.JoinedStr, parts: list[Value]) -> Value:
        """An f-string: the text itself where all that goes into it is known."""
        known = [plain(each.operands[0] if isinstance(each, Computed) and each.operands else each) for each in parts]
        simple = all(isinstance(each, ast.Constant) or _is_plain(each) for each in node.values)
        if not simple or not all(isinstance(each, str | int) for each in known):
            return Computed(node, operands=parts)
        return Literal(node, value="".join(map(str, known)))

    def _yield(self, node: ast.Yield | ast.YieldFrom, value: Value) -> None:
        if not self.yielded:
            return
        self.yielded[-1].append(self.element(value) if isinstance(node, ast.YieldFrom) else value)
        decorators = getattr(self.stack[-1].function, "decorator_list", [])
        if not any("contextmanager" in ast.dump(each) for each in decorators):
            # whoever draws from a generator acts between its rounds; the body of a `with` is in sight
            self.emit(EventKind.CLEAR, node, None, "yield")

    def _arms(self, node: ast.expr, arms: list[ast.expr | None], env: Environment) -> list[Value]:
        values = []
        for block, arm in zip(self.branch(node, len(arms)), arms, strict=True):
            with self.inside(block):
                values.append(self.value(arm, env))
        return values

    def draw(self, source: ast.expr, env: Environment) -> Value:
        """What a loop over `source` binds its target to."""
        value = self.value(source, env)
        self.emit(EventKind.DRAW, source, value)
        return self.element(value, source)

    # -- reading from values ---------------------------------------------------------------------------------------

    def attribute(self, base: Value, name: str, node: ast.AST | None = None) -> Value:
        """`base.name`; the same read gives the same value."""
        if isinstance(base, Choice):
            wanted = [each for each in base.options if not isinstance(each, Literal)]
            return join([self.attribute(each, name, node) for each in wanted] or [Unknown(node, hint=name)])
        if name in base.attributes:
            return base.attributes[name]
        found = self._member(base, name, node)
        if found is not None:
            return found
        if isinstance(base, Imported):
            base.attributes[name] = Imported(node, dotted=canonical(f"{base.dotted}.{name}"), importer=base.importer)
        else:
            base.attributes[name] = Part(node, base=base, how="attribute", key=name)
        return base.attributes[name]

    def _member(self, base: Value, name: str, node: ast.AST | None) -> Value | None:
        """A member of the class of this file that `base` is, or is an instance of, bound as Python binds it."""
        if isinstance(base, Class):
            return base.find(name)
        if not isinstance(base, Made) or base.cls is None:
            return None
        member = base.cls.find(name)
        if not isinstance(member, Function) or not isinstance(member.function, ast.FunctionDef | ast.AsyncFunctionDef):
            return member
        decorators = {each.id for each in member.function.decorator_list if isinstance(each, ast.Name)}
        if "staticmethod" in decorators:
            return member
        bound = Function(
            node,
            function=member.function,
            scope=member.scope,
            owner=base.cls if "classmethod" in decorators else base,
            definer=member.definer,
            opaque=member.opaque,
        )
        if decorators & {"property", "cached_property"}:
            return self.inline(bound, node or member.function, [], {})
        return bound

    def subscript(self, base: Value, key: Value, node: ast.AST | None = None) -> Value:
        """`base[key]`; the same literal key gives the same value."""
        if isinstance(key, Computed) and isinstance(known := plain(key), int):
            key = Literal(key.node, value=known)  # of `sizes[i + 1]`
        literal = key.value if isinstance(key, Literal) else None
        match base:
            case Items(items=items, complete=True, each=None) if isinstance(literal, int) and -len(
                items
            ) <= literal < len(items):
                return items[literal]
            case Items(each=Value() as each) if isinstance(literal, int):
                return each
            case Mapping(items=pairs) if _hashable(literal) and literal in pairs:
                return pairs[literal]
            case Items() if base.known and isinstance(key, Computed) and isinstance(key.node, ast.Slice):
                left = cut(base.items, key.node, key.operands)
                if left is not None:
                    return Items(node, items=left, home=self.block)
            case Choice(options=several):
                return join([self.subscript(each, key, node) for each in several])
        if not isinstance(key, Literal):
            if isinstance(base, Items) and type(getattr(node, "slice", None)) is ast.Name and (base.items or base.each):
                return self.element(base, node)  # one of them, whichever
            return Part(node, base=base, how="subscript", key=None, holds=[key])
        slot = f"[{literal!r}]"
        if slot not in base.attributes:
            base.attributes[slot] = Part(node, base=base, how="subscript", key=literal)
        return base.attributes[slot]

    def element(self, value: Value, node: ast.AST | None = None) -> Value:
        """Any one element of `value`, as a loop over it sees it."""
        match value:
            case Items(items=items, each=each):
                known = [*items, *([each] if each else [])]
                return join(known) if known else Unknown(node)
            case Choice(options=several):
                return join([self.element(each, node) for each in several])
            case Made(callee=Imported(dotted=dotted)) if value.arguments.positional:
                found = self._element_of_call(dotted, value, node)
                if found is not None:
                    return found
            case Part(how="method", key="items", base=base):
                return Items(node, items=[Unknown(node, hint="key"), self._mapped(base, node)])
            case Part(how="method", key="values", base=base):
                return self._mapped(base, node)
        if "[*]" not in value.attributes:
            value.attributes["[*]"] = Part(node, base=value, how="element")
        return value.attributes["[*]"]

    def _element_of_call(self, dotted: str, made: Made, node: ast.AST | None) -> Value | None:
        arguments = made.arguments.positional
        if dotted == "enumerate":
            return Items(node, items=[Unknown(node, hint="index", annotation="int"), self.element(arguments[0], node)])
        if dotted in ("zip", "itertools.zip_longest", "itertools.product"):
            return Items(node, items=[self.element(each, node) for each in arguments])
        if dotted == "itertools.chain":
            return join([self.element(each, node) for each in arguments])
        if dotted in _PASS_THROUGH or dotted.rpartition(".")[2] in ("tqdm", "track", "tqdm_notebook"):
            return self.element(arguments[0], node)
        return None

    def _mapped(self, mapping: Value, node: ast.AST | None) -> Value:
        """Any value of a dict."""
        if isinstance(mapping, Mapping):
            known = [*mapping.items.values(), *mapping.holds]
            return join(known) if known else Unknown(node)
        return self.element(mapping, node)

    # -- binding ---------------------------------------------------------------------------------------------------

    def bind(self, target: ast.expr, value: Value, env: Environment) -> None:
        """Assign `value` to a target of any form."""
        match target:
            case ast.Name(id=name):
                env.set(name, value)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for index, element in enumerate(elements):
                    self._bind_element(element, index, len(elements), value, env)
            case ast.Starred(value=inner):
                self.bind(inner, Items(target, each=self.element(value), complete=False), env)
            case ast.Attribute(value=base, attr=name):
                self._bind_attribute(self.value(base, env), name, value, target)
            case ast.Subscript(value=base, slice=key):
                self._bind_item(self.value(base, env), self.value(key, env), value)

    def _bind_element(self, target: ast.expr, index: int, count: int, value: Value, env: Environment) -> None:
        exact = isinstance(value, Items) and value.complete and value.each is None
        if isinstance(target, ast.Starred) or (exact and len(value.items) != count):  # type: ignore[attr-defined]
            self.bind(target, Unknown(target), env)
            return
        self.bind(target, self.subscript(value, Literal(value=index), target), env)

    def _bind_attribute(self, base: Value, name: str, value: Value, target: ast.expr) -> None:
        if name in GRADIENTS or any(isinstance(each, Part) and each.key in GRADIENTS for each in roots(base)):
            self.emit(EventKind.CLEAR, target, None, "assigned")
        for each in base.options if isinstance(base, Choice) else [base]:
            old = each.attributes.get(name)
            keep = self.conditional or isinstance(base, Choice)
            each.attributes[name] = join([old, value]) if keep and old is not None else value

    def _bind_item(self, base: Value, key: Value, value: Value) -> None:
        if isinstance(base, Mapping):
            self.store_item(base, key, value)
        elif isinstance(base, Items):
            base.complete = False
            base.each = join([base.each, value]) if base.each else value
        else:
            base.holds.append(value)
            if isinstance(key, Literal):
                base.attributes[f"[{key.value!r}]"] = value


def _hashable(value: Any) -> bool:
    return not isinstance(value, list | dict | set)


def _is_plain(node: ast.expr) -> bool:
    """Whether a part of an f-string is the text of a value as it is."""
    return isinstance(node, ast.FormattedValue) and node.format_spec is None and node.conversion == -1
