"""Edits of expressions and parameter lists, as functions of the LibCST node that they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from fixer.edits import Edit, InsertElement, RemoveElement, RemoveKeyword, Replace, SetKeyword, Wrap
from fixer.rewrite.displays import NONE, Display
from fixer.rewrite.errors import RewriteError

if TYPE_CHECKING:
    from fixer.rewrite.tree import SourceTree

Change = Callable[[cst.CSTNode], cst.CSTNode]
Turn = tuple[int, int, int, int]

_HOLE = "__fixer_hole__"
_ATOMS = (
    cst.Name,
    cst.Attribute,
    cst.Call,
    cst.Subscript,
    cst.SimpleString,
    cst.FormattedString,
    cst.List,
    cst.Dict,
    cst.Set,
    cst.ListComp,
    cst.DictComp,
    cst.SetComp,
    cst.Ellipsis,
)
_OPEN_PLACES = (
    cst.Arg,
    cst.Expr,
    cst.Assign,
    cst.AnnAssign,
    cst.AugAssign,
    cst.Return,
    cst.Element,
    cst.DictElement,
    cst.Index,
    cst.Slice,
    cst.If,
    cst.While,
    cst.For,
    cst.Param,
    cst.WithItem,
    cst.FormattedStringExpression,
    cst.Annotation,
)
"""Where any expression may stand without parentheses, but for those of `_ALWAYS_CLOSED`."""
_ALWAYS_CLOSED = (cst.Tuple, cst.GeneratorExp, cst.Yield, cst.NamedExpr)
_NUMBERS = (cst.Integer, cst.Float, cst.Imaginary)


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
            return (0, 0, 0, number), _set_keyword(name, parse(code))
        case RemoveKeyword(_, name):
            return (0, 0, 0, number), _remove_keyword(name)
        case InsertElement(sequence, index, code):
            if not 0 <= index <= len(sequence.elts):
                raise RewriteError(f"InsertElement at {index} in a display of {len(sequence.elts)}")
            element = cst.Element(_closed(parse(code), cst.Element(cst.Name(_HOLE))))
            # from the right to the left, so that the places of the others stay what they were
            return (0, -index, 1, -number), _in_display(lambda display: display.insert(index, element))
        case RemoveElement(sequence, gone):
            if gone not in sequence.elts:
                raise RewriteError("RemoveElement of what is no element of that display")
            place = sequence.elts.index(gone)
            return (0, -place, 0, number), _in_display(lambda display: display.remove(place))
        case Replace(_, code):
            return (1, 0, 0, number), _replace(code, twin, tree)
        case Wrap(_, template):
            return (2, 0, 0, number), _wrap(template, twin, tree)
    raise RewriteError(f"{type(edit).__name__} is no edit that fixer knows")


def _set_keyword(name: str, value: cst.BaseExpression) -> Change:
    value = _closed(value, cst.Arg(cst.Name(_HOLE)))

    def apply(node: cst.CSTNode) -> cst.CSTNode:
        call = _as_call(node)
        for i, arg in enumerate(call.args):
            if arg.keyword and arg.keyword.value == name:
                return call.with_changes(args=[*call.args[:i], arg.with_changes(value=value), *call.args[i + 1 :]])
        display = _of_call(call)
        spread = next((i for i, arg in enumerate(call.args) if arg.star == "**"), len(call.args))
        equal = cst.AssignEqual(NONE, NONE)
        display.insert(spread, cst.Arg(value, cst.Name(name), equal=equal))
        return _with_arguments(call, display)

    return apply


def _remove_keyword(name: str) -> Change:
    def apply(node: cst.CSTNode) -> cst.CSTNode:
        call = _as_call(node)
        display = _of_call(call)
        for i, arg in enumerate(call.args):
            if arg.keyword and arg.keyword.value == name:
                display.remove(i)
                return _with_arguments(call, display)
        raise RewriteError(f"RemoveKeyword: the call has no argument {name}=")

    return apply


def _as_call(node: cst.CSTNode) -> cst.Call:
    if not isinstance(node, cst.Call):
        raise RewriteError(f"a keyword needs a call, not {type(node).__name__}")
    return node


def _of_call(call: cst.Call) -> Display:
    args = list(call.args)
    closing = args[-1].whitespace_after_arg if args else NONE
    if args and isinstance(args[0].value, cst.GeneratorExp) and not args[0].value.lpar:
        # a generator that is the only argument borrows the call's parentheses
        args[0] = args[0].with_changes(value=_parenthesised(args[0].value))
    return Display.read(args, call.whitespace_before_args, closing)


def _with_arguments(call: cst.Call, display: Display) -> cst.Call:
    args, opening, closing = display.write()
    args = [arg.with_changes(whitespace_after_arg=NONE) for arg in args]
    if args:
        args[-1] = args[-1].with_changes(whitespace_after_arg=NONE if display.trailing_comma else closing)
        if display.trailing_comma:
            args[-1] = args[-1].with_changes(comma=args[-1].comma.with_changes(whitespace_after=closing))
    return call.with_changes(args=args, whitespace_before_args=opening)


def _in_display(apply: Callable[[Display], None]) -> Change:
    def change_display(node: cst.CSTNode) -> cst.CSTNode:
        if isinstance(node, cst.List):
            display = Display.read(node.elements, node.lbracket.whitespace_after, node.rbracket.whitespace_before)
            apply(display)
            items, opening, closing = display.write()
            return node.with_changes(
                elements=items,
                lbracket=node.lbracket.with_changes(whitespace_after=opening),
                rbracket=node.rbracket.with_changes(whitespace_before=closing),
            )
        if isinstance(node, cst.Tuple):
            return _in_tuple(node, apply)
        raise RewriteError(f"elements go into a list or tuple, not into {type(node).__name__}")

    return change_display


def _in_tuple(node: cst.Tuple, apply: Callable[[Display], None]) -> cst.Tuple:
    if not node.lpar:
        display = Display.read(node.elements, NONE, NONE)
        apply(display)
        display.trailing_comma = _tuple_comma(display)
        items, _, _ = display.write()
        bare = node.with_changes(elements=items)
        return bare if items else bare.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    *outer, left = node.lpar
    right, *rest = node.rpar
    display = Display.read(node.elements, left.whitespace_after, right.whitespace_before)
    apply(display)
    display.trailing_comma = _tuple_comma(display)
    items, opening, closing = display.write()
    return node.with_changes(
        elements=items,
        lpar=[*outer, left.with_changes(whitespace_after=opening)],
        rpar=[right.with_changes(whitespace_before=closing), *rest],
    )


def _tuple_comma(display: Display) -> bool:
    """A tuple of one needs its comma; one that has grown on a single line no longer does."""
    if len(display.items) == 1:
        return True
    several_lines = isinstance(display.gaps[-1], cst.ParenthesizedWhitespace)
    return display.trailing_comma and (several_lines or len(display.items) > 2)


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
        filled = _closed(self._expression, parent) if parent else self._expression
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
    settled = _closed(new, parent, sole=isinstance(twin, cst.GeneratorExp) and not twin.lpar)
    if not settled.lpar and tree.glued(twin, settled):
        settled = _parenthesised(settled)
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


def _closed(new: cst.BaseExpression, parent: cst.CSTNode, sole: bool = False) -> cst.BaseExpression:
    """`new` as a child of `parent`: in parentheses where it might bind otherwise."""
    if new.lpar:
        return new
    if isinstance(new, cst.GeneratorExp) and sole:
        return new
    if isinstance(new, _ATOMS) or (isinstance(new, _NUMBERS) and not isinstance(parent, cst.Attribute)):
        return new
    if isinstance(parent, _OPEN_PLACES) and not isinstance(new, _ALWAYS_CLOSED):
        spread = isinstance(parent, cst.Arg) and parent.star
        lambda_in_slice = isinstance(new, cst.Lambda) and isinstance(parent, cst.Slice | cst.FormattedStringExpression)
        if not spread and not lambda_in_slice:
            return new
    return _parenthesised(new)


def _parenthesised(expression: cst.BaseExpression) -> cst.BaseExpression:
    return expression.with_changes(lpar=[cst.LeftParen(), *expression.lpar], rpar=[*expression.rpar, cst.RightParen()])
