"""Edits of expressions and parameter lists, as functions of the LibCST node that they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from fixer.edits import Edit, InsertElement, RemoveElement, RemoveKeyword, Replace, SetKeyword, Wrap
from fixer.rewrite.errors import RewriteError
from fixer.rewrite.items import Change, in_display, remove_keyword, set_keyword
from fixer.rewrite.parentheses import closed, parenthesised

if TYPE_CHECKING:
    from fixer.rewrite.tree import SourceTree

Turn = tuple[int, int, int, int]

_HOLE = "__fixer_hole__"


def parse(code: str) -> cst.BaseExpression:
    try:
        return cst.parse_expression(code.strip().replace("\r\n", "\n"))
    except cst.ParserSyntaxError:
        try:
            return cst.parse_expression(f"({code.strip()})")
        except cst.ParserSyntaxError as error:
            raise RewriteError(f"not an expression: {code!r}: {error.message}") from error


def change(edit: Edit, number: int, twin: cst.CSTNode, tree: SourceTree) -> tuple[Turn, Change]:
    """How `edit`, the `number`th, changes the node `twin`, and its turn among several edits of that node."""
    match edit:
        case SetKeyword(_, name, code):
            return (0, 0, 0, number), set_keyword(name, closed(parse(code), cst.Arg(cst.Name(_HOLE))))
        case RemoveKeyword(_, name):
            return (0, 0, 0, number), remove_keyword(name)
        case InsertElement(sequence, index, code):
            if not 0 <= index <= len(sequence.elts):
                raise RewriteError(f"InsertElement at {index} in a display of {len(sequence.elts)}")
            element = cst.Element(closed(parse(code), cst.Element(cst.Name(_HOLE))))
            # from the right to the left, so that the places of the others stay what they were
            return (0, -index, 1, -number), in_display(lambda display: display.insert(index, element))
        case RemoveElement(sequence, gone):
            if gone not in sequence.elts:
                raise RewriteError("RemoveElement of what is no element of that display")
            place = sequence.elts.index(gone)
            return (0, -place, 0, number), in_display(lambda display: display.remove(place))
        case Replace(_, code):
            return (1, 0, 0, number), _replace(code, twin, tree)
        case Wrap(_, template):
            return (2, 0, 0, number), _wrap(template, twin, tree)
    raise RewriteError(f"{type(edit).__name__} is no edit that fixer knows")


def _replace(code: str, twin: cst.CSTNode, tree: SourceTree) -> Change:
    if isinstance(twin, cst.Slice):
        return lambda _: _parse_slice(code)
    new = parse(code)

    def apply(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.BaseExpression)
        outer_left, outer_right = _outer_parentheses(node)
        if isinstance(node, cst.Tuple) and not node.lpar and isinstance(new, cst.Tuple):
            return new
        return _settled(new, outer_left, outer_right, twin, tree)

    return apply


def _parse_slice(code: str) -> cst.BaseSlice:
    subscript = parse(f"_[{code.strip()}]")
    if isinstance(subscript, cst.Subscript) and len(subscript.slice) == 1:
        return subscript.slice[0].slice
    raise RewriteError(f"not a slice: {code!r}")


def _wrap(template: str, twin: cst.CSTNode, tree: SourceTree) -> Change:
    if template.count("{}") != 1:
        raise RewriteError(f"Wrap needs {{}} exactly once: {template!r}")
    if isinstance(twin, cst.Slice):
        raise RewriteError("a slice cannot be wrapped")
    around = parse(template.replace("{}", _HOLE))

    def apply(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.BaseExpression)
        left, right = _outer_parentheses(node)
        bare = node.with_changes(lpar=node.lpar[len(left) :], rpar=node.rpar[: len(node.rpar) - len(right)])
        filler = _Filler(bare)
        around.visit(filler)
        if filler.closed and left:
            # the hole needs parentheses and the expression has some: they move in with it
            bare, left, right = node, [], []
        filled = around.visit(_Filler(bare))
        assert isinstance(filled, cst.BaseExpression)
        return _settled(filled, left, right, twin, tree)

    return apply


class _Filler(cst.CSTTransformer):
    """Puts an expression where the hole of a template is."""

    def __init__(self, expression: cst.BaseExpression) -> None:
        super().__init__()
        self._expression = expression
        self._above: list[cst.CSTNode] = []
        self.closed = False

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._above.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        self._above.pop()
        if not isinstance(original_node, cst.Name) or original_node.value != _HOLE:
            return updated_node
        parent = self._above[-1] if self._above else None
        filled = closed(self._expression, parent) if parent else self._expression
        self.closed = filled is not self._expression
        return filled.with_changes(lpar=[*original_node.lpar, *filled.lpar], rpar=[*filled.rpar, *original_node.rpar])


def _outer_parentheses(node: cst.BaseExpression) -> tuple[list[cst.LeftParen], list[cst.RightParen]]:
    """The parentheses around an expression that are not part of it: a tuple's own are."""
    own = 1 if isinstance(node, cst.Tuple | cst.GeneratorExp) and node.lpar else 0
    return list(node.lpar[: len(node.lpar) - own]), list(node.rpar[own:])


def _settled(
    new: cst.BaseExpression,
    left: Sequence[cst.LeftParen],
    right: Sequence[cst.RightParen],
    twin: cst.CSTNode,
    tree: SourceTree,
) -> cst.BaseExpression:
    """`new` where `twin` was: in the parentheses that were there, or in those that it needs now."""
    if left:
        return _as_word(new.with_changes(lpar=[*left, *new.lpar], rpar=[*new.rpar, *right]), tree)
    parent = tree.parents[twin]
    settled = closed(new, parent, sole=isinstance(twin, cst.GeneratorExp) and not twin.lpar)
    if not settled.lpar and tree.glued(twin, settled):
        settled = parenthesised(settled)
    return _as_word(settled, tree)


class _Verbatim(cst.Name):
    """Any code where LibCST expects a name."""

    def _validate(self) -> None:
        pass

    def _visit_and_replace_children(self, visitor: cst.CSTVisitorT) -> _Verbatim:  # noqa: ARG002
        return self


def _as_word(closed: cst.BaseExpression, tree: SourceTree) -> cst.BaseExpression:
    """LibCST refuses `return(a if b else c)`, valid as it is, but takes a parenthesised name there."""
    if not closed.lpar or not isinstance(closed, cst.IfExp | cst.Lambda):
        return closed
    code = tree.module.code_for_node(closed.with_changes(lpar=[], rpar=[]))
    return closed if "\n" in code or "\r" in code else _Verbatim(code, closed.lpar, closed.rpar)
