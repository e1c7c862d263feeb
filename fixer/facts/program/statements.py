"""Statements: bindings, branches on all arms, loops once."""

from __future__ import annotations

import ast

from fixer.facts.program.definitions import Definitions
from fixer.facts.program.environment import Environment
from fixer.facts.program.growth import joined
from fixer.facts.program.loop_bodies import LoopBody, loop_body
from fixer.facts.program.names import import_bindings
from fixer.facts.program.sequences import sequence
from fixer.facts.program.training import Block, EventKind
from fixer.facts.program.values import (
    Augmented,
    Computed,
    Imported,
    Items,
    Literal,
    Part,
    Unknown,
    Value,
    join,
    options,
)


class Statements(Definitions):
    def execute(self, body: list[ast.stmt], env: Environment) -> None:
        for statement in body:
            self.burn()
            self.statement = statement
            self._statement(statement, env)
            self.statement = statement

    def _statement(self, node: ast.stmt, env: Environment) -> None:
        match node:
            case ast.Expr(value=value):
                self.value(value, env)
            case ast.Assign(targets=targets, value=value):
                result = self.value(value, env)
                if type(value) is ast.BinOp and len(targets) == 1 and _extends(targets[0], value):
                    self.emit(EventKind.ADD, node, result)
                for target in targets:
                    self.bind(target, result, env)
            case ast.AnnAssign(target=target, value=value):
                self.bind(target, self.value(value, env) if value else Unknown(node, hint=_name(target)), env)
            case ast.AugAssign(target=target, value=value):
                self._augmented(node, target, self.value(value, env), env)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                env.set(node.name, self._function(node, env))
            case ast.ClassDef():
                env.set(node.name, self._class(node, env))
            case ast.Import() | ast.ImportFrom():
                for local, dotted in import_bindings(node):
                    env.set(local, self.imported(dotted, env.module.path))
                if node.names[0].name == "*":
                    self.star(env.module)
            case ast.Return(value=value):
                result = self.value(value, env)
                if self.returned:
                    self.returned[-1].append(result)
                self.emit(EventKind.JUMP, node, None, "return")
            case _:
                self._compound(node, env)

    def _compound(self, node: ast.stmt, env: Environment) -> None:
        match node:
            case ast.If():
                self._if(node, env)
            case ast.For() | ast.AsyncFor() | ast.While():
                self._loop(node, env)
            case ast.With() | ast.AsyncWith():
                self._with(node, env)
            case ast.Try() | ast.TryStar():
                self._try(node, env)
            case ast.Match(subject=subject, cases=cases):
                self.value(subject, env)
                self._paths(node, [*[case.body for case in cases], []], env)
            case ast.Break() | ast.Continue() | ast.Raise():
                if isinstance(node, ast.Raise) and node.exc:
                    self.value(node.exc, env)
                self.emit(EventKind.JUMP, node, None, type(node).__name__.lower())
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                env.elsewhere.update(names)
            case ast.Delete(targets=targets):
                for target in targets:
                    self.bind(target, Unknown(target), env)
            case ast.Assert(test=test):
                self.value(test, env)

    # -- definitions -----------------------------------------------------------------------------------------------

    # -- control flow ----------------------------------------------------------------------------------------------

    def _paths(self, node: ast.AST, bodies: list[list[ast.stmt]], env: Environment) -> None:
        """Alternative bodies, each from the same start; afterwards what any of them left may hold."""
        start, ends = env.snapshot(), []
        for block, body in zip(self.branch(node, len(bodies)), bodies, strict=True):
            Environment.restore(start)
            with self.inside(block):
                self.execute(body, env)
                left = _leaves(block)
            if not left:
                ends.append(env.snapshot())
        if ends:
            Environment.merge(ends)

    def _if(self, node: ast.If, env: Environment) -> None:
        value = self.value(node.test, env)
        if _is_main_guard(node.test):
            self.execute(node.body, env)
            return
        truth = self.truth(node.test, value, env)
        if truth is not None:
            self.execute(node.body if truth else node.orelse, env)
            return
        self._paths(node, [node.body, node.orelse], env)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, env: Environment) -> None:
        if isinstance(node, ast.For) and self._unroll(node, env):
            return
        start = env.snapshot()
        drawn = self.draw(node.iter, env) if not isinstance(node, ast.While) else None
        body = loop_body(node)
        for name in body.assigned:
            if isinstance(env.values.get(name), Items) and name in body.grown:
                continue  # the list stays the one it is
            if name in env.values and not isinstance(env.values[name], Imported):
                # what the loop assigns may be seen by its next round
                env.write(name, join([env.values[name], Unknown(node, hint=name)]))
        _forget_numbers(body, env)
        with self.inside(self.loop(node)):
            if isinstance(node, ast.While):
                self.value(node.test, env)
            elif drawn is not None:
                self.bind(node.target, drawn, env)
            self.execute(node.body, env)
        Environment.merge([start, env.snapshot()])
        if node.orelse:
            self._paths(node, [node.orelse, []], env)

    def _unroll(self, node: ast.For, env: Environment) -> bool:
        """Go through a loop that makes layers or sizes of known things round by round, where it is one."""
        if node.orelse or not self.worth_unrolling(loop_body(node).nodes, env):
            return False
        rounds = sequence(self.value(node.iter, env))
        if rounds is None or not self.may_unroll:
            return False
        self.unrolled += 1
        for each in rounds:
            self.bind(node.target, each, env)
            self.execute(node.body, env)
        self.unrolled -= 1
        return True

    def _try(self, node: ast.Try | ast.TryStar, env: Environment) -> None:
        start = env.snapshot()
        arms = self.branch(node, 1 + len(node.handlers))
        with self.inside(arms[0]):
            self.execute([*node.body, *node.orelse], env)
        ends = [env.snapshot()]
        for block, handler in zip(arms[1:], node.handlers, strict=True):
            Environment.merge([start, ends[0]])
            with self.inside(block):
                if handler.name:
                    env.set(handler.name, Unknown(handler))
                self.execute(handler.body, env)
                if not _leaves(block):
                    ends.append(env.snapshot())
        Environment.merge(ends)
        self.execute(node.finalbody, env)

    def _augmented(self, node: ast.AugAssign, target: ast.expr, value: Value, env: Environment) -> None:
        old = self.value(target, env)
        self.emit(EventKind.ADD, node, value)
        lists = [each for each in options(old) if isinstance(each, Items)]
        if lists and isinstance(value, Items):
            longer = joined(ast.Add(), old, value)
            if isinstance(old.node, ast.Tuple) and longer is not None and isinstance(target, ast.Name):
                env.set(target.id, Items(node, items=longer))
                return
            for each in lists:
                self.grow(each, "extend", [value])
            return
        if isinstance(target, ast.Attribute) and target.attr == "grad":
            if not _scales(node.op, value):
                self.emit(EventKind.CLEAR, node, None, "assigned")
            return
        left = Augmented(node, hint=_name(target), before=old)
        if isinstance(target, ast.Name):
            env.set(target.id, left)
        elif isinstance(target, ast.Attribute) and not isinstance(old, Part):
            # a method may be called once or often
            self._bind_attribute(self.value(target.value, env), target.attr, join([old, left]), target)


def _scales(op: ast.operator, value: Value) -> bool:
    """Whether gradients stay in what they become: averaged, turned round, or with something added."""
    match op, value:
        case (ast.Div() | ast.Add(), _):
            return True
        case ast.Mult(), Literal(value=int() | float() as factor):
            return factor < 0 or factor > 1
    return False


def _leaves(block: Block) -> bool:
    last = block.items[-1] if block.items else None
    return getattr(last, "kind", None) is EventKind.JUMP


def _is_main_guard(test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]):
            return True
    return False


def _forget_numbers(body: LoopBody, env: Environment) -> None:
    """What a loop counts in an attribute, `self.width = width`, is another number in its next round."""
    for each in body.attributes:
        if isinstance(each.value, ast.Name):
            base = env.get(each.value.id)
            old = base.attributes.get(each.attr)
            if isinstance(old, Literal | Computed):
                base.attributes[each.attr] = join([old, Unknown(each, hint=each.attr)])


def _extends(target: ast.expr, value: ast.BinOp) -> bool:
    """Whether one of the operands is what the target held before."""
    operands: list[ast.expr] = [value]
    while operands:
        match operands.pop(), target:
            case ast.BinOp(left=left, right=right), _:
                operands += [left, right]
            case ast.Name(id=name), ast.Name(id=other) if name == other:
                return True
            case ast.Attribute(attr=name, value=base), ast.Attribute(attr=other, value=owner) if name == other:
                return ast.dump(base) == ast.dump(owner).replace("Store()", "Load()")
    return False


def _name(target: ast.expr) -> str:
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
