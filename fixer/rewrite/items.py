"""Edits of arguments and of the elements of lists and tuples."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from fixer.rewrite.displays import NONE, Display
from fixer.rewrite.errors import RewriteError
from fixer.rewrite.parentheses import parenthesised

Change = Callable[[cst.CSTNode], cst.CSTNode]


def set_keyword(name: str, value: cst.BaseExpression) -> Change:
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


def remove_keyword(name: str) -> Change:
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
        args[0] = args[0].with_changes(value=parenthesised(args[0].value))
    return Display.read(args, call.whitespace_before_args, closing)


def _with_arguments(call: cst.Call, display: Display) -> cst.Call:
    args, opening, closing = display.write()
    args = [arg.with_changes(whitespace_after_arg=NONE) for arg in args]
    if args:
        args[-1] = args[-1].with_changes(whitespace_after_arg=NONE if display.trailing_comma else closing)
        if display.trailing_comma:
            args[-1] = args[-1].with_changes(comma=args[-1].comma.with_changes(whitespace_after=closing))
    return call.with_changes(args=args, whitespace_before_args=opening)


def in_display(apply: Callable[[Display], None]) -> Change:
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
