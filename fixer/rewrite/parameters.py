"""Adding to the parameters of a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from fixer.rewrite.displays import NONE, Display, Gap
from fixer.rewrite.errors import RewriteError


def add_parameter(code: str) -> Callable[[cst.CSTNode], cst.CSTNode]:
    """Adds a parameter behind the last one that may be given by position."""
    try:
        function = cst.parse_statement(f"def _({code.strip()}): pass")
        assert isinstance(function, cst.FunctionDef)
        (parameter,) = function.params.params
    except (cst.ParserSyntaxError, ValueError) as error:
        raise RewriteError(f"not one parameter: {code!r}") from error

    def apply(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.FunctionDef)
        groups = _groups(node.params)
        flat = [item for group in groups for item in group]
        display = Display.read(flat, node.whitespace_before_params, _closing(flat))
        display.insert(sum(map(len, groups[:3])), parameter)
        groups[2].append(parameter)
        return _with_parameters(node, display, [len(group) for group in groups])

    return apply


def _closing(items: Sequence[Any]) -> Gap:
    """The white space before the closing parenthesis, which belongs to the last parameter."""
    match items[-1] if items else None:
        case cst.Param(whitespace_after_param=space) | cst.ParamSlash(whitespace_after=space):
            return space
    return NONE


def _groups(params: cst.Parameters) -> list[list[Any]]:
    slash, star = params.posonly_ind, params.star_arg
    return [
        list(params.posonly_params),
        [slash] if isinstance(slash, cst.ParamSlash) else [],
        list(params.params),
        [star] if isinstance(star, cst.Param | cst.ParamStar) else [],
        list(params.kwonly_params),
        [params.star_kwarg] if params.star_kwarg else [],
    ]


def _with_parameters(node: cst.FunctionDef, display: Display, sizes: list[int]) -> cst.FunctionDef:
    items, opening, closing = display.write()
    for i, item in enumerate(items):
        space = closing if i == len(items) - 1 and not display.trailing_comma else NONE
        if isinstance(item, cst.Param):
            items[i] = item.with_changes(whitespace_after_param=space)
        elif isinstance(item, cst.ParamSlash):
            items[i] = item.with_changes(whitespace_after=space)
    if display.trailing_comma:
        items[-1] = items[-1].with_changes(comma=items[-1].comma.with_changes(whitespace_after=closing))
    split, done = [], 0
    for size in sizes:
        split.append(items[done : done + size])
        done += size
    posonly, slash, params, star, kwonly, kwargs = split
    return node.with_changes(
        whitespace_before_params=opening,
        params=node.params.with_changes(
            posonly_params=posonly,
            posonly_ind=slash[0] if slash else cst.MaybeSentinel.DEFAULT,
            params=params,
            star_arg=star[0] if star else cst.MaybeSentinel.DEFAULT,
            kwonly_params=kwonly,
            star_kwarg=kwargs[0] if kwargs else None,
        ),
    )
