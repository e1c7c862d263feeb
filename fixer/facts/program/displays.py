"""Lists, tuples, sets and dicts that are written out, and comprehensions."""

from __future__ import annotations

import ast

from fixer.facts.program.environment import Environment
from fixer.facts.program.growth import Growth
from fixer.facts.program.sequences import sequence
from fixer.facts.program.unrolling import Unrolling
from fixer.facts.program.values import Items, Literal, Mapping, Value
from fixer.facts.program.walk import nodes_of

_MOST_ENTRIES = 6


class Displays(Growth, Unrolling):
    def display(self, node: ast.expr, elements: list[ast.expr], env: Environment) -> Items:
        items: list[Value] = []
        complete = True
        for element in elements:
            value = self.value(element, env)
            if not isinstance(element, ast.Starred):
                items.append(value)
            elif isinstance(value, Items) and value.complete and value.each is None:
                items.extend(value.items)
            else:
                items.append(self.element(value))
                complete = False
        return Items(node, items=items, complete=complete, home=self.block if isinstance(node, ast.List) else None)

    def dictionary(self, node: ast.Dict, env: Environment) -> Mapping:
        result = Mapping(node)
        for key, inner in zip(node.keys, node.values, strict=True):
            value = self.value(inner, env)
            if key is None:
                if isinstance(value, Mapping):
                    result.items.update(value.items)
                result.complete = result.complete and isinstance(value, Mapping) and value.complete
                continue
            self.store_item(result, self.value(key, env), value)
        return result

    def store_item(self, mapping: Mapping, key: Value, value: Value) -> None:
        if isinstance(key, Literal) and not isinstance(key.value, list | dict | set):
            mapping.items[key.value] = value
        else:
            mapping.complete = False
            mapping.holds.append(value)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, env: Environment
    ) -> Value:
        inner = Environment(parent=env)
        if isinstance(node, ast.ListComp | ast.GeneratorExp) and (rounds := self._rounds(node, env)) is not None:
            return Items(node, items=rounds, home=self.block)
        if isinstance(node, ast.DictComp) and (entries := self._entries(node, env)) is not None:
            return entries
        with self.inside(self.loop(node)):
            for generator in node.generators:
                self.bind(
                    generator.target,
                    self.draw(generator.iter, env if generator is node.generators[0] else inner),
                    inner,
                )
                for test in generator.ifs:
                    self.value(test, inner)
            if isinstance(node, ast.DictComp):
                self.value(node.key, inner)
                return Mapping(node, complete=False, holds=[self.value(node.value, inner)])
            return Items(node, each=self.value(node.elt, inner), complete=False)

    def _entries(self, node: ast.DictComp, env: Environment) -> Mapping | None:
        """What `{split: load(split) for split in ["train", "val"]}` holds, entry by entry."""
        generator = node.generators[0]
        if len(node.generators) > 1 or generator.ifs or not self.may_unroll:
            return None
        written = isinstance(generator.iter, ast.List | ast.Tuple | ast.Name)
        keys = sequence(self.value(generator.iter, env)) if written else None
        if not keys or len(keys) > _MOST_ENTRIES or not all(isinstance(each, Literal) for each in keys):
            return None
        inner, found = Environment(parent=env), Mapping(node)
        for each in keys:
            self.bind(generator.target, each, inner)
            self.store_item(found, self.value(node.key, inner), self.value(node.value, inner))
        return found

    def _rounds(self, node: ast.ListComp | ast.GeneratorExp, env: Environment) -> list[Value] | None:
        """The elements of a comprehension that makes layers or sizes of known things, one by one."""
        generator = node.generators[0]
        if len(node.generators) > 1 or generator.ifs:
            return None
        if _same_elements(node):
            return sequence(self.value(generator.iter, env))
        if not self.worth_unrolling(nodes_of(node.elt), env):
            return None
        drawn = sequence(self.value(generator.iter, env))
        if drawn is None or not self.may_unroll:
            return None
        inner, found = Environment(parent=env), []
        for each in drawn:
            self.bind(generator.target, each, inner)
            found.append(self.value(node.elt, inner))
        return found


def _same_elements(node: ast.ListComp | ast.GeneratorExp) -> bool:
    """`[each for each in [xs, ys]]`."""
    match node:
        case ast.ListComp(elt=ast.Name(id=one), generators=[ast.comprehension(target=ast.Name(id=other), iter=drawn)]):
            return one == other and isinstance(drawn, ast.List | ast.Tuple)
    return False
