"""Comma-separated items between brackets: arguments, elements, parameters, imported names.

The white space around n items is n + 1 gaps: after the opening bracket, after each comma, before the closing bracket.
The comment at the end of an item's line stands in the gap behind it; a comment on its own line describes the next item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst

Gap = cst.BaseParenthesizableWhitespace
NONE = cst.SimpleWhitespace("")
SPACE = cst.SimpleWhitespace(" ")


@dataclass
class Display:
    """`items` are nodes with a `comma`; `gaps` is one longer. Without items only the first gap counts."""

    items: list[Any]
    gaps: list[Gap]
    trailing_comma: bool

    @classmethod
    def read(cls, items: Sequence[Any], opening: Gap, closing: Gap) -> Display:
        """`closing` is the white space before the closing bracket, as far as it does not belong to a last comma."""
        gaps, trailing = [opening], False
        for item in items:
            comma = item.comma if isinstance(item.comma, cst.Comma) else None
            trailing = comma is not None
            gaps.append(comma.whitespace_after if comma else NONE)
        if items and not (trailing and _is_empty(closing)):
            gaps[-1] = closing
        return cls(list(items), gaps, trailing)

    def write(self) -> tuple[list[Any], Gap, Gap]:
        """The items with their commas, the opening gap, and the closing gap."""
        items = []
        for i, item in enumerate(self.items):
            last = i == len(self.items) - 1
            before = item.comma.whitespace_before if isinstance(item.comma, cst.Comma) else NONE
            comma = cst.Comma(before, NONE if last else self.gaps[i + 1])
            drop = last and not self.trailing_comma
            items.append(item.with_changes(comma=cst.MaybeSentinel.DEFAULT if drop else comma))
        return items, self.gaps[0], self.gaps[-1] if items else NONE

    def insert(self, index: int, item: Any) -> None:
        count = len(self.items)
        if not count:
            self.gaps = [self.gaps[0], NONE]
        elif index < count:
            self.gaps[index : index + 1] = self._around(index)
        else:
            self.gaps[count:] = self._behind()
        self.items.insert(index, item)

    def _around(self, index: int) -> list[Gap]:
        """The gaps before and behind an item that goes before the item at `index`."""
        gap = self.gaps[index]
        if isinstance(gap, cst.ParenthesizedWhitespace):
            own = _fresh(gap)
            assert isinstance(own, cst.ParenthesizedWhitespace)
            return [gap.with_changes(empty_lines=()), own.with_changes(empty_lines=gap.empty_lines)]
        if index:
            return [gap, gap]
        return [gap, _fresh(self.gaps[1]) if len(self.items) > 1 else SPACE]

    def _behind(self) -> list[Gap]:
        """The gaps before and behind an item that goes to the end."""
        count, tail = len(self.items), self.gaps[-1]
        inner = self.gaps[1:count]
        if isinstance(tail, cst.ParenthesizedWhitespace):
            lines = [gap for gap in self.gaps[:count] if isinstance(gap, cst.ParenthesizedWhitespace)]
            if not lines:
                return [_fresh(inner[-1]) if inner else SPACE, tail]
            before = _fresh(lines[-1])
            return [before.with_changes(first_line=tail.first_line), _without_comment(tail)]
        if inner and all(isinstance(gap, cst.ParenthesizedWhitespace) for gap in inner):
            return [_fresh(inner[-1]), tail]
        simple = [gap for gap in inner if isinstance(gap, cst.SimpleWhitespace)]
        return [simple[-1] if simple else SPACE, tail]

    def remove(self, index: int) -> None:
        left, right = self.gaps[index], self.gaps[index + 1]
        self.gaps[index : index + 2] = [self._joined(index, left, right)]
        del self.items[index]
        if not self.items:
            self.trailing_comma = False

    def _joined(self, index: int, left: Gap, right: Gap) -> Gap:
        """The gap where an item was: without its comments, with those of its neighbours."""
        if len(self.items) == 1:
            return NONE
        if isinstance(left, cst.ParenthesizedWhitespace) and isinstance(right, cst.ParenthesizedWhitespace):
            kept = list(left.empty_lines)
            while kept and kept[-1].comment is not None:
                kept.pop()
            return right.with_changes(first_line=left.first_line, empty_lines=[*kept, *right.empty_lines])
        if index == len(self.items) - 1:
            if isinstance(left, cst.ParenthesizedWhitespace) and left.first_line.comment is not None:
                return left.with_changes(empty_lines=())
            return _without_comment(right)
        if index == 0 or isinstance(left, cst.ParenthesizedWhitespace):
            return left
        return _without_comment(right)


def _is_empty(gap: Gap) -> bool:
    return isinstance(gap, cst.SimpleWhitespace) and gap.value == ""


def _without_comment(gap: Gap) -> Gap:
    if isinstance(gap, cst.ParenthesizedWhitespace):
        return gap.with_changes(first_line=cst.TrailingWhitespace(newline=gap.first_line.newline))
    return gap


def _fresh(gap: Gap) -> Gap:
    """The same break and indentation, without comments."""
    if isinstance(gap, cst.ParenthesizedWhitespace):
        return _without_comment(gap).with_changes(empty_lines=())
    return gap
