"""Where an expression needs parentheses in its new place."""

from __future__ import annotations

import libcst as cst

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


def closed(new: cst.BaseExpression, parent: cst.CSTNode, sole: bool = False) -> cst.BaseExpression:
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
    return parenthesised(new)


def parenthesised(expression: cst.BaseExpression) -> cst.BaseExpression:
    return expression.with_changes(lpar=[cst.LeftParen(), *expression.lpar], rpar=[*expression.rpar, cst.RightParen()])
