"""What `**options` adds to a call."""

from __future__ import annotations

import ast

import pytest

from fixer.facts.program.spread import spread
from fixer.facts.script import Script


def keys(text: str) -> set[str] | None:
    script = Script.parse(text)
    call = next(node for node in ast.walk(script.tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "f")
    found = spread(script, call)
    return None if found is None else set(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(1, two=2)", set()),
        ("f(**{'a': 1})", {"a"}),
        ("k = {'a': 1} if gpu else {}\nf(**k)", {"a"}),
        ("k = dict(a=1)\nm = {'b': 2}\nk.update(m)\nk['c'] = 3\nf(**k)", {"a", "b", "c"}),
        ("k = {}\nk.update(d=4)\nf(x, **k)\nf(y, **k)", {"d"}),
    ],
)
def test_a_dict_that_the_file_writes_out(text: str, expected: set[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "def g(**k):\n    f(**k)",
        "k = {}\nchange(k)\nf(**k)",
        "k = load()\nf(**k)",
        "k = {name: 1}\nf(**k)",
        "k = {}\nk[name] = 1\nf(**k)",
        "k = {}\nk.setdefault('a', 1)\nf(**k)",
        "k = {}\nother = k\nother['a'] = 1\nf(**k)",
        "f(**options.loader)",
        "f(**options)",
    ],
)
def test_a_dict_that_may_hold_anything(text: str) -> None:
    assert keys(text) is None
