"""Reads stacks from the source: `forward` methods followed statement by statement, `nn.Sequential` taken apart."""

from __future__ import annotations

import ast

from fixer.facts.modules.module_lists import SEQUENTIAL, members
from fixer.facts.modules.stacks import Role, Stack, Step, is_convolution_of_library, role_of_call, role_of_layer
from fixer.facts.program.kinds import Kind, kind_of_class
from fixer.facts.program.values import Function, Made, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_MOST_STEPS = 2000
_DEPTH = 8
_ASKING = frozenset({"size", "dim", "ndimension", "numel", "nelement", "stride", "is_contiguous", "get_device", "item"})
_ASKING_ATTRIBUTES = frozenset({"shape", "device", "dtype", "ndim", "is_cuda", "training", "requires_grad"})
_ASKING_FUNCTIONS = frozenset(
    {"len", "print", "isinstance", "type", "int", "str", "range", "hasattr", "torch.is_tensor"}
)
_POOLS = frozenset({"global_mean_pool", "global_max_pool", "global_add_pool"})
_JOINS = frozenset({"torch.cat", "torch.concat", "torch.hstack"})
Bound = dict[str, "Step | Value"]


def stacks(script: Script) -> list[Stack]:
    """A stack for each module class of the file that has a `forward`, and each Sequential that none of them calls."""
    if not script.run.complete:
        return []
    found: list[Stack] = []
    called: set[int] = set()
    for cls in script.run.classes:
        forward = cls.find("forward")
        instance = next((each for each in script.run.objects if each.cls is cls), None)
        if isinstance(forward, Function) and instance is not None and kind_of_class(cls) is Kind.MODULE:
            flow = _Flow(script, instance)
            flow.forward(instance)
            called |= flow.called
            found.append(flow.stack)
    sequentials = [each for each in script.run.objects if each.dotted == SEQUENTIAL]
    inner = {id(part) for each in sequentials for part in members(each) or []}
    # those of other instances of a class are made in the same places
    made = {id(each.node) for each in sequentials if id(each) in called}
    for each in sequentials:
        if id(each) not in called | inner and id(each.node) not in made and members(each):
            flow = _Flow(script, each)
            last = flow.apply(each, [flow.stack.add(Role.INPUT, "x", [], None)], None)
            last.returned = True
            found.append(flow.stack)
    return found


class _Flow:
    """Follows the data through one module."""

    def __init__(self, script: Script, owner: Made) -> None:
        self.script = script
        self.stack = Stack(owner)
        self.called: set[int] = set()
        self.depth = 0

    def forward(self, instance: Made) -> None:
        """The `forward` of the module itself, with an input for each parameter."""
        method = self._method(instance, "forward")
        if method is None:
            return
        names = [each.arg for each in [*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs]]
        env: Bound = {name: self.stack.add(Role.INPUT, name, [], None) for name in names[1:]}
        env[names[0] if names else "self"] = instance
        for step in self._body(method.body, env):
            step.returned = True

    def _method(self, instance: Made, name: str) -> ast.FunctionDef | None:
        member = instance.cls.find(name) if instance.cls else None
        definition = member.function if isinstance(member, Function) else None
        plain = isinstance(definition, ast.FunctionDef) and not definition.args.vararg and definition.args.args
        return definition if plain and isinstance(definition, ast.FunctionDef) else None

    # -- modules ---------------------------------------------------------------------------------------------------

    def apply(self, module: Value, inputs: list[Step], node: ast.Call | None) -> Step:
        """What calling a module does."""
        self.called.add(id(module))
        if isinstance(module, Made) and module.dotted == SEQUENTIAL:
            parts = members(module)
            step = inputs[0] if len(inputs) == 1 and parts is not None else None
            for part in parts or () if step is not None else ():
                step = self.apply(part, [step], None)  # type: ignore[list-item]
            if step is not None:
                return step
        if isinstance(module, Made) and module.dotted:
            if is_convolution_of_library(module):  # over graphs: it gets the edges, too
                return self.stack.add(Role.WEIGHT, "Conv", inputs[:1], node, module)
            role, name = role_of_layer(module.dotted)
            return self.stack.add(role if len(inputs) == 1 else Role.OTHER, name, inputs, node, module)
        if isinstance(module, Made) and module.cls is not None:
            method = self._method(module, "forward")
            if method is not None:
                result = self._inline(method, module, list(inputs))
                if result is not None:
                    return result
        return self.stack.add(Role.OTHER, "", inputs, node)

    def _inline(self, method: ast.FunctionDef, owner: Made, given: list[Step | None]) -> Step | None:
        """The result of a method; None where it cannot be followed or gives no data."""
        names = [each.arg for each in [*method.args.posonlyargs, *method.args.args]]
        if self.depth >= _DEPTH or len(self.stack.steps) > _MOST_STEPS or len(given) > len(names) - 1:
            return None
        env: Bound = {name: step for name, step in zip(names[1:], given, strict=False) if step is not None}
        env[names[0]] = owner
        self.depth += 1
        returned = self._body(method.body, env)
        self.depth -= 1
        return self._one(returned)

    def _one(self, steps: list[Step]) -> Step | None:
        unique = list(dict.fromkeys(steps))
        return unique[0] if len(unique) == 1 else self.stack.add(Role.OTHER, "", unique, None) if unique else None

    def _resolve(self, node: ast.expr, env: Bound) -> Value | None:
        """The object that an expression names: `self.act`, `self.layers[0]`, the variable of a loop over modules."""
        match node:
            case ast.Name(id=name):
                known = env.get(name)
                return known if isinstance(known, Value) else None
            case ast.Attribute(value=inner, attr=name):
                base = self._resolve(inner, env)
                return base.attributes.get(name) if base is not None else None
            case ast.Subscript(value=inner, slice=index):
                base = self._resolve(inner, env)
                parts = members(base) if base is not None else None
                at = _integer(index)
                return parts[at] if parts and at is not None and -len(parts) <= at < len(parts) else None
        return None

    # -- statements ------------------------------------------------------------------------------------------------

    def _body(self, body: list[ast.stmt], env: Bound) -> list[Step]:
        """Follow statements; the data that they return."""
        returned: list[Step] = []
        for statement in body:
            if len(self.stack.steps) > _MOST_STEPS:
                break
            returned += self._statement(statement, env)
        return returned

    def _statement(self, node: ast.stmt, env: Bound) -> list[Step]:
        match node:
            case ast.Assign(targets=targets, value=value):
                self._bind(targets, value, env)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind([target], value, env)
            case ast.AugAssign(target=ast.Name(id=name) as target, value=value):
                inputs = [each for each in (self._expression(target, env), self._expression(value, env)) if each]
                self._set(name, self.stack.add(Role.OTHER, "", inputs, None) if inputs else None, env)
            case ast.Return(value=ast.expr() as value):
                step = self._expression(value, env)
                return [step] if step is not None else []
            case ast.If(test=test, body=body, orelse=orelse):
                return self._branch(test, body, orelse, env)
            case ast.For(target=target, iter=source, body=body):
                return self._loop(target, source, body, env)
            case ast.With(body=body):
                return self._body(body, env)
            case ast.Expr(value=value):
                self._expression(value, env)
            case ast.While() | ast.Try() | ast.Match():
                self._lose(node, env)
        return []

    def _bind(self, targets: list[ast.expr], value: ast.expr, env: Bound) -> None:
        module = self._resolve(value, env)
        step = None if module is not None else self._expression(value, env)
        for target in targets:
            if isinstance(target, ast.Name):
                self._set(target.id, module if module is not None else step, env)
                continue
            kept = self.stack.add(Role.OTHER, "", [step], None) if step is not None else None
            for each in walk(target):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    self._set(each.id, kept, env)

    def _set(self, name: str, value: Step | Value | None, env: Bound) -> None:
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value

    def _branch(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt], env: Bound) -> list[Step]:
        self._expression(test, env)
        other = dict(env)
        returned = self._body(body, env) + self._body(orelse, other)
        for name in {**env, **other}:
            one, two = env.get(name), other.get(name)
            if one is not two:
                steps = [each for each in (one, two) if isinstance(each, Step)]
                self._set(name, self.stack.add(Role.OTHER, "", steps, None) if steps else None, env)
        return returned

    def _loop(self, target: ast.expr, source: ast.expr, body: list[ast.stmt], env: Bound) -> list[Step]:
        modules = self._modules(source, env)
        if isinstance(source, ast.Call) and isinstance(target, ast.Tuple) and len(target.elts) == 2:
            target = target.elts[1]  # of enumerate
        if modules is None or not isinstance(target, ast.Name):
            for statement in body:
                self._lose(statement, env)
            return []
        returned: list[Step] = []
        for module in modules:
            env[target.id] = module
            returned += self._body(body, env)
        return returned

    def _modules(self, source: ast.expr, env: Bound) -> list[Value] | None:
        match source:
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner]):
                return self._modules(inner, env)
            case ast.Subscript(value=inner, slice=ast.Slice(lower=lower, upper=upper, step=None)):
                parts = self._modules(inner, env)
                ends = [None if each is None else _integer(each) for each in (lower, upper)]
                exact = all(each is None or known is not None for each, known in zip((lower, upper), ends, strict=True))
                return parts[ends[0] : ends[1]] if parts is not None and exact else None
        found = self._resolve(source, env)
        return members(found) if found is not None else None

    def _lose(self, node: ast.stmt, env: Bound) -> None:
        """Whatever data a statement reads or binds is not followed any further."""
        names = {each.id for each in walk(node) if isinstance(each, ast.Name)}
        read = [known for name in sorted(names) if isinstance(known := env.get(name), Step)]
        lost = self.stack.add(Role.OTHER, "", read, None)
        for each in walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                env[each.id] = lost

    # -- expressions -----------------------------------------------------------------------------------------------

    def _expression(self, node: ast.expr, env: Bound) -> Step | None:
        """The data that an expression gives; None where it gives none, such as a size."""
        match node:
            case ast.Name(id=name):
                known = env.get(name)
                return known if isinstance(known, Step) else None
            case ast.Attribute(attr=name) if name in _ASKING_ATTRIBUTES:
                return None
            case ast.Call():
                return self._call(node, env)
            case ast.NamedExpr(target=target, value=value):
                self._bind([target], value, env)
                return self._expression(target, env)
            case ast.Lambda() | ast.Constant():
                return None
        steps = [self._expression(child, env) for child in _operands(node)]
        inputs = [step for step in steps if step is not None]
        return self.stack.add(Role.OTHER, "", inputs, None) if inputs else None

    def _call(self, node: ast.Call, env: Bound) -> Step | None:
        dotted = self.script.names.dotted(node.func) or (node.func.id if isinstance(node.func, ast.Name) else None)
        if dotted in _ASKING_FUNCTIONS:
            return None
        module = self._resolve(node.func, env)
        if module is not None:
            return self.apply(module, self._arguments(node, env), node)
        if isinstance(node.func, ast.Attribute) and dotted is None:
            return self._method_call(node, node.func, env)
        if dotted in _JOINS and node.args and isinstance(node.args[0], ast.List | ast.Tuple):
            parts = [step for each in node.args[0].elts if (step := self._expression(each, env)) is not None]
            return self.stack.add(Role.KEEPS, "cat", parts, node) if parts else None
        inputs = self._arguments(node, env)
        if not inputs:
            return None
        name = (dotted or "").rpartition(".")[2]
        if name in _POOLS:
            return self.stack.add(Role.KEEPS, name, inputs[:1], node)
        ours = len(inputs) == 1 and dotted is not None and dotted.startswith(("torch.nn.functional.", "torch."))
        return self.stack.add(role_of_call(name) if ours else Role.OTHER, name, inputs, node)

    def _method_call(self, node: ast.Call, func: ast.Attribute, env: Bound) -> Step | None:
        owner = self._resolve(func.value, env)
        method = self._method(owner, func.attr) if isinstance(owner, Made) else None
        if method is not None and isinstance(owner, Made) and not node.keywords:
            given = [self._expression(each, env) for each in node.args]
            result = self._inline(method, owner, given)
            if result is not None or not any(given):
                return result
            return self.stack.add(Role.OTHER, "", [each for each in given if each], node)
        base = self._expression(func.value, env)
        if base is not None and func.attr in _ASKING:
            return None
        others = self._arguments(node, env)
        if base is None and not others:
            return None
        alone = base is not None and not others
        inputs = [each for each in (base, *others) if each is not None]
        return self.stack.add(role_of_call(func.attr) if alone else Role.OTHER, func.attr, inputs, node)

    def _arguments(self, node: ast.Call, env: Bound) -> list[Step]:
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        return [step for each in given if (step := self._expression(each, env)) is not None]


def _operands(node: ast.expr) -> list[ast.expr]:
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def _integer(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None
