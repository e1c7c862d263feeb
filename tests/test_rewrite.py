"""How the rewritten text looks: comments, blank lines, commas, imports."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from textwrap import dedent
from typing import Any

import pytest

from fixer import edits
from fixer.edits import Edit
from fixer.rewrite import RewriteError, Unreachable, conflict, rewriter

LOOP = dedent("""\
    for x, y in loader:
        out = model(x)

        # how wrong it is
        loss = criterion(out, y)
        loss.backward()  # gradients
        opt.zero_grad()
        opt.step()

        # talk
        log(loss)
    """)


def rewrite(text: str, *wanted: Edit) -> str:
    return rewriter(text).apply(wanted)


def node(tree: ast.Module, code: str) -> Any:
    """The first node of the tree that reads like `code`."""
    return next(n for n in ast.walk(tree) if isinstance(n, ast.stmt | ast.expr) and ast.unparse(n) == code)


def loop() -> Any:
    return ast.parse(LOOP).body[0]


def test_a_line_goes_above_the_comment_that_describes_its_anchor() -> None:
    after = rewrite(LOOP, edits.insert_before(loop().body[1], "opt.zero_grad()"))
    assert after == LOOP.replace("    # how", "    opt.zero_grad()\n    # how")


def test_a_line_goes_below_a_comment_that_stands_apart() -> None:
    text = "a()\n\n# part two\n\nb()\n"
    after = rewrite(text, edits.insert_before(ast.parse(text).body[1], "new()"))
    assert after == "a()\n\n# part two\n\nnew()\nb()\n"


def test_the_comment_above_and_beside_a_statement_travels_with_it() -> None:
    body = loop().body
    after = rewrite(LOOP, edits.move_before(body[3], body[2]), edits.move_after(body[1], body[4]))
    expected = """\
    for x, y in loader:
        out = model(x)

        opt.zero_grad()
        loss.backward()  # gradients
        opt.step()
        # how wrong it is
        loss = criterion(out, y)

        # talk
        log(loss)
    """
    assert after == dedent(expected)


def test_the_comment_above_a_removed_statement_goes_the_blank_line_stays() -> None:
    assert rewrite(LOOP, edits.remove(loop().body[5])) == LOOP[: LOOP.index("\n    # talk")]
    removed = rewrite(LOOP, edits.remove(loop().body[1]))
    assert "model(x)\n\n    loss.backward()" in removed


def test_guarded_statements_keep_their_comments() -> None:
    body = loop().body
    after = rewrite(LOOP, edits.guard((body[1], body[2]), "with amp():"))
    assert "(x)\n\n    with amp():\n        # how wrong it is\n        loss = " in after
    assert "        loss.backward()  # gradients\n    opt.zero_grad()\n" in after


def test_nested_edits_compose() -> None:
    text = "def f(x):\n    return g(h(x), [a(x)])\n"
    tree = ast.parse(text)
    after = rewrite(
        text,
        edits.set_keyword(node(tree, "g(h(x), [a(x)])"), "train", "True"),
        edits.wrap(node(tree, "h(x)"), "k({})"),
        edits.set_keyword(node(tree, "h(x)"), "dim", "1"),
        edits.insert_element(node(tree, "[a(x)]"), 0, "b"),
        edits.replace(node(tree, "a(x)"), "c"),
        edits.add_parameter(tree.body[0], "train=True"),  # type: ignore[arg-type]
        edits.guard((tree.body[0].body[0],), "if train:"),  # type: ignore[attr-defined]
    )
    assert after == "def f(x, train=True):\n    if train:\n        return g(k(h(x, dim=1)), [b, c], train=True)\n"


def test_an_elif_becomes_an_else_where_a_line_must_precede_it() -> None:
    text = "if a:\n    b()\n# or\nelif c:\n    d()\nelse:\n    e()\n"
    tree = ast.parse(text)
    after = rewrite(text, edits.insert_before(node(tree, "if c:\n    d()\nelse:\n    e()"), "new()"))
    assert after == ("if a:\n    b()\n# or\nelse:\n    new()\n    if c:\n        d()\n    else:\n        e()\n")


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        ("a(); b()  # two\n", "b()", "a()\nnew()\nb()  # two\n"),
        ("a(); b()\n", "a()", "new()\na(); b()\n"),
        ("if x: a(); b()  # two\n", "b()", "if x:\n    a()\n    new()\n    b()  # two\n"),
        ("if x:\n\ta()\n", "a()", "if x:\n\tnew()\n\ta()\n"),
        ("if x:\r\n  a()", "a()", "if x:\r\n  new()\r\n  a()"),
        ("if x:\r  a()\r", "a()", "if x:\r  new()\r  a()\r"),
        ("x = 1\n\x0c\na()\n", "a()", "x = 1\n\x0c\nnew()\na()\n"),
        ("#!/bin/python\n# licence\na()\n", "a()", "#!/bin/python\n# licence\nnew()\na()\n"),
    ],
)
def test_lines_are_inserted_in_the_style_of_the_file(text: str, anchor: str, expected: str) -> None:
    statement = next(s for s in ast.walk(ast.parse(text)) if isinstance(s, ast.Expr) and ast.unparse(s) == anchor)
    assert rewrite(text, edits.insert_before(statement, "new()")) == expected


def test_a_definition_at_module_level_stands_apart() -> None:
    text = "import a\n\n# the data\nx = a.b()\ny = 1\n"
    tree = ast.parse(text)
    code = 'class A:\n    """One.\n\n    Two."""\n    def f(self):\n        pass'
    assert rewrite(text, edits.insert_before(tree.body[1], code)) == (
        f"import a\n\n\n{code}\n\n\n# the data\nx = a.b()\ny = 1\n"
    )
    assert rewrite(text, edits.insert_after(tree.body[1], code)) == (
        f"import a\n\n# the data\nx = a.b()\n\n\n{code}\n\n\ny = 1\n"
    )


def test_inserted_code_takes_the_indentation_and_line_ends_of_the_file() -> None:
    text = "def f():\r\n\tpass\r\nx = 1\r\n"
    after = rewrite(text, edits.insert_after(ast.parse(text).body[1], 'def g():\n    if a:\n        """b\n        """'))
    assert after == f'{text}\r\n\r\ndef g():\r\n\tif a:\r\n\t\t"""b\r\n        """\r\n'


ELEMENTS = "t = [\n    A(),  # a\n    # about b\n    B(),\n    C()  # c\n]\n"


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        (ELEMENTS, lambda t: [edits.insert_element(t, 0, "N")], ELEMENTS.replace("    A", "    N,\n    A")),
        (ELEMENTS, lambda t: [edits.insert_element(t, 1, "N")], ELEMENTS.replace("    # ab", "    N,\n    # ab")),
        (ELEMENTS, lambda t: [edits.insert_element(t, 3, "N")], ELEMENTS.replace("()  # c", "(),  # c\n    N")),
        (ELEMENTS, lambda t: [edits.remove_element(t, t.elts[1])], ELEMENTS.replace("    # about b\n    B(),\n", "")),
        (ELEMENTS, lambda t: [edits.remove_element(t, t.elts[0])], ELEMENTS.replace("    A(),  # a\n", "")),
        (ELEMENTS, lambda t: [edits.remove_element(t, t.elts[2])], ELEMENTS.replace("B(),\n    C()  # c", "B()")),
        ("t = [a,b]\n", lambda t: [edits.insert_element(t, 2, "c")], "t = [a,b,c]\n"),
        ("t = []\n", lambda t: [edits.insert_element(t, 0, "c")], "t = [c]\n"),
        ("t = (a,)\n", lambda t: [edits.insert_element(t, 1, "c")], "t = (a, c)\n"),
        ("t = (a, b)\n", lambda t: [edits.remove_element(t, t.elts[0])], "t = (b,)\n"),
        ("t = f(\n    a, b\n)\n", lambda t: [edits.set_keyword(t, "k", "1")], "t = f(\n    a, b,\n    k=1\n)\n"),
        ("t = f(a,\n      b)\n", lambda t: [edits.set_keyword(t, "k", "1")], "t = f(a,\n      b,\n      k=1)\n"),
        ("t = f(a, **m)\n", lambda t: [edits.set_keyword(t, "k", "1")], "t = f(a, k=1, **m)\n"),
        ("t = f(n for n in m)\n", lambda t: [edits.set_keyword(t, "k", "1")], "t = f((n for n in m), k=1)\n"),
        ("t = f(a, k = 2)\n", lambda t: [edits.set_keyword(t, "k", "1")], "t = f(a, k = 1)\n"),
        ("t = f(a, k=2)\n", lambda t: [edits.remove_keyword(t, "k")], "t = f(a)\n"),
        ("t = f(k=2, *a)\n", lambda t: [edits.remove_keyword(t, "k")], "t = f(*a)\n"),
    ],
)
def test_items_keep_their_layout(text: str, change: Callable[[Any], Sequence[Edit]], expected: str) -> None:
    assignment = ast.parse(text).body[0]
    assert isinstance(assignment, ast.Assign)
    assert rewrite(text, *change(assignment.value)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): pass\n", "def f(t=1): pass\n"),
        ("def f(self, *, a): pass\n", "def f(self, t=1, *, a): pass\n"),
        ("def f(\n    a,  # one\n    **k\n): pass\n", "def f(\n    a,  # one\n    t=1,\n    **k\n): pass\n"),
        ("def f(\n    a,  # one\n): pass\n", "def f(\n    a,  # one\n    t=1,\n): pass\n"),
        ("def f(a, /): pass\n", "def f(a, /, t=1): pass\n"),
    ],
)
def test_a_parameter_goes_behind_those_given_by_position(text: str, expected: str) -> None:
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert rewrite(text, edits.add_parameter(function, "t=1")) == expected


DATASET = edits.add_import("torch.utils.data", "Dataset")


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("import os\n\nx = 1\n", DATASET, "import os\nfrom torch.utils.data import Dataset\n\nx = 1\n"),
        ("x = 1\n", DATASET, "from torch.utils.data import Dataset\n\nx = 1\n"),
        ("# why\n\n# x\nx = 1\n", DATASET, "# why\n\nfrom torch.utils.data import Dataset\n\n# x\nx = 1\n"),
        ('"""Doc."""\nx = 1\n', DATASET, '"""Doc."""\n\nfrom torch.utils.data import Dataset\n\nx = 1\n'),
        (
            '"""Doc."""\nfrom __future__ import annotations\n\ndef f(): pass\n',
            DATASET,
            '"""Doc."""\nfrom __future__ import annotations\nfrom torch.utils.data import Dataset\n\ndef f(): pass\n',
        ),
        (
            "from torch.utils.data import DataLoader, random_split\n",
            DATASET,
            "from torch.utils.data import DataLoader, Dataset, random_split\n",
        ),
        (
            "from torch.utils.data import (\n    random_split,\n    DataLoader,  # b\n)\n",
            DATASET,
            "from torch.utils.data import (\n    random_split,\n    DataLoader,  # b\n    Dataset,\n)\n",
        ),
        ("from torch.utils.data import Dataset as D\n", edits.add_import("torch.utils.data", "Dataset", "D"), None),
        ("from torch.utils.data import DataLoader, Dataset\n", DATASET, None),
        ("import torchvision.transforms as T\n", edits.add_import("torchvision", "transforms", "T"), None),
        ("from torchvision import transforms as T\n", edits.add_import("torchvision.transforms", alias="T"), None),
        ("import torch.nn\n", edits.add_import("torch"), None),
        ("try:\n    import torch\nexcept ImportError:\n    torch = None\n", edits.add_import("torch"), None),
        (
            "import typing\nif typing.TYPE_CHECKING:\n    from torch.utils.data import Dataset\n\nx = 1\n",
            DATASET,
            "import typing\nfrom torch.utils.data import Dataset\n"
            "if typing.TYPE_CHECKING:\n    from torch.utils.data import Dataset\n\nx = 1\n",
        ),
        (
            "import matplotlib\nmatplotlib.use('Agg')\nimport os\n\ndef f():\n    import torch\nimport late\n",
            edits.add_import("torch"),
            "import matplotlib\nmatplotlib.use('Agg')\nimport os\nimport torch\n\n"
            "def f():\n    import torch\nimport late\n",
        ),
    ],
)
def test_imports(text: str, wanted: Edit, expected: str | None) -> None:
    assert rewrite(text, wanted) == (text if expected is None else expected)


def test_an_import_precedes_what_the_same_fix_puts_between_imports() -> None:
    text = "import a\nd = a.b()\nimport c\n"
    after = rewrite(text, edits.insert_before(ast.parse(text).body[1], "class D(Dataset): pass"), DATASET)
    assert after.index("import Dataset") < after.index("class D")


def test_what_stands_in_an_f_string_is_edited_in_its_place_or_not_at_all() -> None:
    text = "a = 1\nprint(f'{f(a)} {a}')\n"
    tree = ast.parse(text)
    call = node(tree, "f(a)")
    try:
        after = rewrite(text, edits.set_keyword(call, "k", "1"))
    except Unreachable:
        return
    assert after == "a = 1\nprint(f'{f(a, k=1)} {a}')\n"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda t: [edits.replace(t.body[0].value, "b +")], "not an expression: 'b \\+'"),
        (lambda t: [edits.insert_before(t.body[0], "if x")], "inserted code is not Python"),
        (lambda t: [edits.insert_before(t.body[0], "")], "no statement"),
        (lambda t: [edits.guard((t.body[0],), "with x")], "not the header of a block"),
        (lambda t: [edits.guard((t.body[0], t.body[2]), "if x:")], "not neighbours"),
        (lambda t: [edits.wrap(t.body[0].value, "f()")], "exactly once"),
        (lambda t: [edits.remove_keyword(t.body[0].value, "k")], "no argument k="),
        (lambda _: [edits.replace(ast.Name("a"), "b")], "own tree"),
        (
            lambda t: [edits.replace(t.body[0].value, "b"), edits.set_keyword(t.body[0].value, "k", "1")],
            "Replace throws away what SetKeyword changes",
        ),
        (lambda t: [edits.move_before(t.body[3], t.body[3].body[0])], "into itself"),
        (lambda t: [edits.add_parameter(t.body[3], "a, b")], "not one parameter"),
    ],
)
def test_edits_that_cannot_be_made_say_why(make: Callable[[Any], Sequence[Edit]], message: str) -> None:
    text = "a()\nb()\nc()\ndef d():\n    e()\n"
    with pytest.raises(RewriteError, match=message):
        rewrite(text, *make(ast.parse(text)))


def test_which_fixes_wait_for_each_other() -> None:
    tree = ast.parse(LOOP)
    out, loss, backward, zero, *_ = loop().body
    call = node(tree, "criterion(out, y)")
    before = edits.insert_before
    assert conflict([edits.remove(backward)], [before(backward, "x")])
    assert conflict([edits.move_before(zero, backward)], [edits.remove(zero)])
    assert conflict([edits.replace(loss.value, "0")], [edits.wrap(node(tree, "out"), "{}.detach()")]) is False
    assert conflict([edits.replace(call, "0")], [edits.set_keyword(call, "k", "1")])
    assert conflict([before(backward, "x()")], [before(backward, "x()")])
    assert not conflict([before(backward, "x()")], [before(backward, "y()")])
    assert conflict([edits.guard((backward, zero), "if a:")], [before(backward, "x()")])
    assert conflict([before(out, "class A: pass")], [before(zero, "class A: pass")])
    assert not conflict([edits.set_keyword(call, "k", "1")], [edits.set_keyword(call, "l", "1")])
    assert not conflict([DATASET, before(out, "x")], [DATASET, edits.remove(zero)])
