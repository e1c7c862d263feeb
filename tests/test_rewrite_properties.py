"""Edits of random statements and expressions, judged by the same edit made on the syntax tree."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fixer import edits
from fixer.differences import apply_text_edits, changes, origin, text_edits
from fixer.edits import Edit
from fixer.rewrite import rewriter
from tests.programs import programs

relaxed = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

Block = list[ast.stmt]


def block_of(tree: ast.Module, statement: ast.stmt) -> Block:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and any(statement is other for other in block):
                return block
    raise AssertionError("a statement without a block")


def statements(tree: ast.Module) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def expressions(tree: ast.Module) -> list[ast.expr]:
    """Those that are read, not written; what stands in f-strings has no reliable place before Python 3.12."""
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Starred | ast.MatchValue)
        for inner in ast.walk(node)
    }
    # x[1, 2]: such a tuple is no expression to LibCST, only its elements are
    hidden |= {id(n.slice) for n in ast.walk(tree) if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Tuple)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.expr)
        and not isinstance(node, ast.Slice)
        and not any(isinstance(part, ast.Slice) for part in ast.walk(node) if isinstance(node, ast.Tuple))
        and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        and id(node) not in hidden
    ]


def dump(tree: ast.AST) -> str:
    return ast.dump(tree)


def comments(text: str) -> list[str]:
    plain = re.sub(r"\r\n?", "\n", text)
    return [t.string for t in tokenize.generate_tokens(io.StringIO(plain).readline) if t.type == tokenize.COMMENT]


def rewrite(text: str, *wanted: Edit) -> str:
    """The rewritten text, after what must hold of every rewriting."""
    after = rewriter(text).apply(wanted)
    found = changes(text, after)
    assert apply_text_edits(text, text_edits(text, after)) == after
    assert all(before[1] <= behind[0] for before, behind in pairwise(found))
    assert origin(found, len(after)) == len(text)
    newlines = set(re.findall(r"\r\n|\n|\r", text))
    assert set(re.findall(r"\r\n|\n|\r", after)) <= (newlines or {"\n"})
    return after


def new_statement() -> ast.stmt:
    return ast.parse("opt.zero_grad()").body[0]


@relaxed
@given(programs())
def test_nothing_asked_is_nothing_changed(text: str) -> None:
    assert rewriter(text).apply([]) == text


@relaxed
@given(programs(), st.data(), st.booleans())
def test_insert(text: str, data: st.DataObject, after: bool) -> None:
    tree = ast.parse(text)
    anchor = data.draw(st.sampled_from(statements(tree)))
    edit = (edits.insert_after if after else edits.insert_before)(anchor, "opt.zero_grad()")
    result = rewrite(text, edit)
    block = block_of(tree, anchor)
    assume(not (ast.get_docstring(tree) and anchor is tree.body[0]))
    block.insert(block.index(anchor) + after, new_statement())
    assert dump(ast.parse(result)) == dump(tree)
    assert comments(result) == comments(text)


@relaxed
@given(programs(), st.data())
def test_inserting_on_lines_of_their_own_changes_no_other_line(text: str, data: st.DataObject) -> None:
    tree = ast.parse(text)
    alone = [s for s in statements(tree) if ";" not in text and text.count("elif") == 0 and ": " not in text]
    assume(alone)
    anchor = data.draw(st.sampled_from(alone))
    result = rewrite(text, edits.insert_before(anchor, "opt.zero_grad()"))
    assert all(b0 == b1 for b0, b1, _, _ in changes(text, result))


@relaxed
@given(programs(), st.data())
def test_remove(text: str, data: st.DataObject) -> None:
    tree = ast.parse(text)
    node = data.draw(st.sampled_from(statements(tree)))
    result = rewrite(text, edits.remove(node))
    block = block_of(tree, node)
    elif_ = any(isinstance(n, ast.If) and n.orelse is block for n in ast.walk(tree)) and is_elif(text, node)
    block.remove(node)
    if not block and block is not tree.body and not elif_:
        block.append(ast.Pass())
    assert dump(ast.parse(result)) == dump(tree)


def is_elif(text: str, node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and (ast.get_source_segment(text, node) or "").startswith("elif")


@relaxed
@given(programs(), st.data(), st.booleans())
def test_move(text: str, data: st.DataObject, after: bool) -> None:
    tree = ast.parse(text)
    node, anchor = data.draw(st.tuples(*[st.sampled_from(statements(tree))] * 2))
    assume(not any(inner is anchor for inner in ast.walk(node)))
    assume(not is_elif(text, node) and not isinstance(anchor, ast.ImportFrom))
    assume(not (ast.get_docstring(tree) and tree.body[0] in (node, anchor)))
    result = rewrite(text, (edits.move_after if after else edits.move_before)(node, anchor))
    source, target = block_of(tree, node), block_of(tree, anchor)
    source.remove(node)
    target.insert(next(i for i, other in enumerate(target) if other is anchor) + after, node)
    if not source:
        source.append(ast.Pass())
    assert dump(ast.parse(result)) == dump(tree)
    assert sorted(comments(result)) == sorted(comments(text))


@relaxed
@given(programs(), st.data())
def test_guard(text: str, data: st.DataObject) -> None:
    tree = ast.parse(text)
    first = data.draw(st.sampled_from(statements(tree)))
    block = block_of(tree, first)
    start = block.index(first)
    stop = data.draw(st.integers(start + 1, len(block)))
    guarded = tuple(block[start:stop])
    assume(not (ast.get_docstring(tree) and tree.body[0] in guarded))
    result = rewrite(text, edits.guard(guarded, "if self.train:"))
    header = ast.parse("if self.train:\n  pass").body[0]
    assert isinstance(header, ast.If)
    header.body = list(guarded)
    block[start:stop] = [header]
    assert dump(ast.parse(result)) == dump(tree)
    assert comments(result) == comments(text)


class Substitute(ast.NodeTransformer):
    def __init__(self, node: ast.expr, make: Callable[[ast.expr], ast.expr]) -> None:
        self.node, self.make = node, make

    def visit(self, node: ast.AST) -> ast.AST:
        inner = self.generic_visit(node)
        return self.make(inner) if node is self.node else inner  # type: ignore[arg-type]


def expression(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


TEMPLATES = ["wrap({})", "{}.squeeze(1)", "{} + 1", "-{}", "[{}, 1]", "{} if a else b"]
REPLACEMENTS = ["new", "n + 1", "a if b else c", "(1, 2)", "f(x)", "not x", "lambda: 0", "(n for n in m)", "-1", "1"]


@relaxed
@given(programs(), st.data(), st.sampled_from(REPLACEMENTS))
def test_replace(text: str, data: st.DataObject, code: str) -> None:
    tree = ast.parse(text)
    node = data.draw(st.sampled_from(expressions(tree) or [ast.Name("nothing to choose")]))
    assume(hasattr(node, "lineno") and not decorates(tree, node))
    result = rewrite(text, edits.replace(node, code))
    assert dump(ast.parse(result)) == dump(Substitute(node, lambda _: expression(code)).visit(tree))


@relaxed
@given(programs(), st.data(), st.sampled_from(TEMPLATES))
def test_wrap(text: str, data: st.DataObject, template: str) -> None:
    tree = ast.parse(text)
    node = data.draw(st.sampled_from(expressions(tree) or [ast.Name("nothing to choose")]))
    assume(hasattr(node, "lineno") and not decorates(tree, node))
    result = rewrite(text, edits.wrap(node, template))
    around = expression(template.replace("{}", "HOLE"))
    (hole,) = (inner for inner in ast.walk(around) if isinstance(inner, ast.Name) and inner.id == "HOLE")

    def fill(inner: ast.expr) -> ast.expr:
        filled = Substitute(hole, lambda _: inner).visit(around)
        assert isinstance(filled, ast.expr)
        return filled

    assert dump(ast.parse(result)) == dump(Substitute(node, fill).visit(tree))


def decorates(tree: ast.Module, node: ast.expr) -> bool:
    return any(node in getattr(other, "decorator_list", ()) for other in ast.walk(tree))


@relaxed
@given(programs(), st.data())
def test_arguments_and_parameters(text: str, data: st.DataObject) -> None:
    """A keyword and an element everywhere at once: nested edits compose."""
    tree = ast.parse(text)
    usable = {id(node) for node in expressions(tree)}
    wanted: list[Edit] = []
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.Call) and id(node) in usable:
            wanted.append(edits.set_keyword(node, "new", "1"))
        elif isinstance(node, ast.List | ast.Tuple) and id(node) in usable:
            wanted.append(edits.insert_element(node, data.draw(st.integers(0, len(node.elts))), "new"))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            wanted.append(edits.add_parameter(node, "new=None"))
    assume(wanted)
    result = rewrite(text, *wanted)
    assert comments(result) == comments(text)
    for edit in wanted:
        apply_to_tree(edit)
    assert dump(ast.parse(result)) == dump(tree)


def apply_to_tree(edit: Edit) -> None:
    match edit:
        case edits.SetKeyword(call, name, code):
            at = next((i for i, keyword in enumerate(call.keywords) if keyword.arg is None), len(call.keywords))
            call.keywords.insert(at, ast.keyword(name, expression(code)))
        case edits.InsertElement(sequence, index, code):
            sequence.elts.insert(index, expression(code))
        case edits.AddParameter(function, _):
            function.args.args.append(ast.arg("new"))
            function.args.defaults.append(ast.Constant(None))


@relaxed
@given(programs(), st.data())
def test_removing_elements_and_keywords(text: str, data: st.DataObject) -> None:
    tree = ast.parse(text)
    usable = {id(node) for node in expressions(tree)}
    displays = [n for n in ast.walk(tree) if isinstance(n, ast.List | ast.Tuple) and n.elts and id(n) in usable]
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and id(n) in usable]
    wanted: list[Edit] = [edits.remove_element(n, data.draw(st.sampled_from(n.elts))) for n in displays]
    wanted += [edits.remove_keyword(n, k.arg) for n in calls for k in n.keywords if k.arg]
    assume(wanted)
    result = rewrite(text, *wanted)
    for display, edit in zip(displays, wanted, strict=False):
        assert isinstance(edit, edits.RemoveElement)
        display.elts.remove(edit.element)
    for call in calls:
        call.keywords = [keyword for keyword in call.keywords if keyword.arg is None]
    assert dump(ast.parse(result)) == dump(tree)


@relaxed
@given(programs())
def test_import_comes_first_and_only_once(text: str) -> None:
    wanted = edits.add_import("torchvision.transforms", alias="T")
    result = rewrite(text, wanted, edits.add_import("torch.utils.data", "Dataset"))
    tree = ast.parse(result)
    imports = [i for i, node in enumerate(tree.body) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert max(imports) <= len(imports) + (ast.get_docstring(tree) is not None) - 1
    assert ast.get_docstring(tree) == ast.get_docstring(ast.parse(text))
    assert comments(result) == comments(text)
    assert rewriter(result).apply([wanted, edits.add_import("torch.utils.data", "Dataset")]) == result


@given(st.text("ab \n\r\tä", max_size=30), st.text("ab \n\r\tä", max_size=30))
def test_text_edits_lead_from_any_text_to_any_other(before: str, after: str) -> None:
    assert apply_text_edits(before, text_edits(before, after)) == after
