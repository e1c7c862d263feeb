"""Edits of whole statements, made on the lines of the block that the statements stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import dedent

import libcst as cst

from fixer.rewrite.errors import RewriteError

Statement = cst.BaseStatement
Lines = list[Statement]
Leading = Sequence[cst.EmptyLine]

_BLANK = cst.EmptyLine(indent=False)


def parse(code: str, module: cst.Module) -> Lines:
    """Statements given as text. They take the indentation and the line ends of the module that they land in."""
    try:
        parsed = cst.parse_module(dedent(code).strip("\r\n").replace("\r\n", "\n") + "\n")
    except cst.ParserSyntaxError as error:
        raise RewriteError(f"inserted code is not Python: {code!r}: {error.message}") from error
    if not parsed.body:
        raise RewriteError(f"inserted code holds no statement: {code!r}")
    if module.default_newline != "\n":
        parsed = parsed.visit(_StringLineEnds(module.default_newline))
    first, *rest = parsed.body
    return [lead(first, [*parsed.header, *leading(first)]), *rest]


class _StringLineEnds(cst.CSTTransformer):
    """Line ends inside strings are text to LibCST; all others follow the module by themselves."""

    def __init__(self, newline: str) -> None:
        super().__init__()
        self._newline = newline

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        return updated_node.with_changes(value=original_node.value.replace("\n", self._newline))

    def leave_FormattedStringText(
        self, original_node: cst.FormattedStringText, updated_node: cst.FormattedStringText
    ) -> cst.FormattedStringText:
        return updated_node.with_changes(value=original_node.value.replace("\n", self._newline))


def leading(statement: Statement) -> Leading:
    """The blank lines and comments above a statement."""
    lines: Leading = getattr(statement, "leading_lines", ())
    return lines


def lead(statement: Statement, lines: Leading) -> Statement:
    return statement.with_changes(leading_lines=lines)


def _split(lines: Leading) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """The lines above a statement: those that stand apart from it, and the comments directly above it."""
    at = len(lines)
    while at and lines[at - 1].comment is not None:
        at -= 1
    return list(lines[:at]), list(lines[at:])


def _padded(lines: Leading, blanks: int) -> list[cst.EmptyLine]:
    """`lines`, beginning with at least `blanks` blank ones."""
    there = next((i for i, line in enumerate(lines) if line.comment is not None), len(lines))
    return [_BLANK] * (blanks - there) + list(lines)


def _is_definition(statement: Statement) -> bool:
    return isinstance(statement, cst.FunctionDef | cst.ClassDef)


@dataclass
class _Unit:
    """One line of a block (or a part of it, where edits divide `a; b`), and the original statements on it."""

    nodes: Sequence[cst.CSTNode]
    line: Statement


class BlockEdits:
    """What happens to the statements of one block. Nodes are those of the original tree."""

    def __init__(self, module: cst.Module) -> None:
        self._module = module
        self._before: dict[cst.CSTNode, list[Lines]] = defaultdict(list)
        self._after: dict[cst.CSTNode, list[Lines]] = defaultdict(list)
        self._gone: dict[cst.CSTNode, Lines | None] = {}
        self._guards: list[tuple[list[cst.CSTNode], cst.BaseCompoundStatement]] = []

    def before(self, anchor: cst.CSTNode, lines: Lines) -> None:
        self._before[anchor].append(lines)

    def after(self, anchor: cst.CSTNode, lines: Lines) -> None:
        self._after[anchor].append(lines)

    def remove(self, node: cst.CSTNode) -> None:
        self._gone[node] = None

    def take(self, node: cst.CSTNode, into: Lines) -> None:
        """Remove `node` and put it into the list `into`."""
        self._gone[node] = into

    def guard(self, nodes: list[cst.CSTNode], header: str) -> None:
        try:
            (compound,) = cst.parse_module(f"{header.strip()}\n    pass\n").body
        except (cst.ParserSyntaxError, ValueError) as error:
            raise RewriteError(f"not the header of a block: {header!r}") from error
        if not isinstance(compound, cst.BaseCompoundStatement):
            raise RewriteError(f"not the header of a block: {header!r}")
        self._guards.append((nodes, compound))

    def apply(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:
        """The block after its edits. `updated` is `original` after the edits inside its statements."""
        match original, updated:
            case cst.Module(), cst.Module():
                # LibCST gives everything above the first statement to the module
                pairs: list[tuple[Statement, Statement]] = list(zip(original.body, updated.body, strict=True))
                pairs[0] = (pairs[0][0], lead(pairs[0][1], [*updated.header, *leading(pairs[0][1])]))
                lines, rest = self._edit(pairs, blanks=2, top=bool(updated.header))
                if not lines:
                    return updated.with_changes(body=[], header=rest)
                return updated.with_changes(body=lines, header=[], footer=[*rest, *updated.footer])
            case cst.IndentedBlock(), cst.IndentedBlock():
                lines, rest = self._edit(list(zip(original.body, updated.body, strict=True)))
                return updated.with_changes(body=lines or [_pass()], footer=[*rest, *updated.footer])
            case cst.SimpleStatementSuite(), cst.SimpleStatementSuite():
                line = cst.SimpleStatementLine(updated.body, trailing_whitespace=updated.trailing_whitespace)
                origin = cst.SimpleStatementLine(original.body)
                lines, rest = self._edit([(origin, line)])
                return cst.IndentedBlock(lines or [_pass()], footer=rest)
            case cst.If(orelse=cst.If() as elif_), cst.If(orelse=cst.If() as changed):
                above = changed.leading_lines
                lines, rest = self._edit([(elif_, changed.with_changes(leading_lines=()))])
                block = cst.IndentedBlock(lines, footer=rest)
                return updated.with_changes(orelse=cst.Else(block, leading_lines=above) if lines else None)
        raise RewriteError(f"statements of {type(original).__name__} cannot be edited")

    def _edit(
        self, pairs: list[tuple[Statement, Statement]], blanks: int = 1, top: bool = False
    ) -> tuple[Lines, list[cst.EmptyLine]]:
        """The new lines of the block, and comments left over at its end."""
        writer = _Writer(blanks, top)
        inner = {id(node): i for i, (nodes, _) in enumerate(self._guards) for node in nodes}
        open_guard: tuple[int, _Writer] | None = None
        for unit in (unit for pair in pairs for unit in self._divide(*pair)):
            guard = inner.get(id(unit.nodes[0]))
            if open_guard and open_guard[0] != guard:
                writer.close(self._guards[open_guard[0]][1], open_guard[1])
                open_guard = None
            if guard is not None and open_guard is None:
                if unit.nodes[0] is not self._guards[guard][0][0]:
                    raise RewriteError("the statements of a Guard are not neighbours")
                open_guard = (guard, _Writer(1, False))
            self._write(unit, open_guard[1] if open_guard else writer)
        if open_guard:
            writer.close(self._guards[open_guard[0]][1], open_guard[1])
        return writer.lines, writer.orphans

    def _write(self, unit: _Unit, writer: _Writer) -> None:
        first, last = unit.nodes[0], unit.nodes[-1]
        inserted = [line for lines in self._before.get(first, ()) for line in lines]
        follow = [line for lines in self._after.get(last, ()) for line in lines]
        if first in self._gone:
            apart, attached = writer.split(leading(unit.line))
            into = self._gone[first]
            if into is not None:
                into.append(lead(unit.line, attached))
            writer.drop()
            writer.insert([*inserted, *follow], apart)
            return
        writer.put(unit.line, inserted)
        if follow:
            writer.append(follow)

    def _divide(self, original: Statement, updated: Statement) -> list[_Unit]:
        """A line as the units that edits treat differently: `a; b` stays one where no edit falls inside."""
        if not isinstance(original, cst.SimpleStatementLine) or not isinstance(updated, cst.SimpleStatementLine):
            return [_Unit([original], updated)]
        nodes, smalls = original.body, updated.body
        cuts = sorted({at for i, node in enumerate(nodes) for at in self._cuts(i, node)} & set(range(1, len(nodes))))
        units = []
        for start, end in zip([0, *cuts], [*cuts, len(nodes)], strict=True):
            part = list(smalls[start:end])
            if end < len(nodes):
                part[-1] = part[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
            line = updated.with_changes(
                body=part,
                leading_lines=updated.leading_lines if start == 0 else (),
                trailing_whitespace=updated.trailing_whitespace if end == len(nodes) else cst.TrailingWhitespace(),
            )
            units.append(_Unit(nodes[start:end], line))
        return units if cuts else [_Unit(nodes, updated)]

    def _cuts(self, index: int, node: cst.CSTNode) -> Iterable[int]:
        guarded = any(node is member for nodes, _ in self._guards for member in nodes)
        if node in self._before or node in self._gone or guarded:
            yield index
        if node in self._after or node in self._gone or guarded:
            yield index + 1


class _Writer:
    """Lines written one after the other, with the blank lines and comments between them kept natural."""

    def __init__(self, blanks: int, top: bool) -> None:
        self.lines: Lines = []
        self._apart: list[cst.EmptyLine] = []
        self._blanks = blanks
        self._top = top
        self._wanted = 0
        self._lost_first = False

    @property
    def orphans(self) -> list[cst.EmptyLine]:
        """Comments whose statement is gone, with no line after them."""
        return self._apart if any(line.comment for line in self._apart) else []

    def drop(self) -> None:
        """A line of the file is left out here."""
        self._lost_first = self._lost_first or not self.lines

    def split(self, above: Leading) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
        """As `_split`, but the comments at the very top of a file belong to the file."""
        apart, attached = _split(above)
        if self._top and not self.lines and not apart:
            return attached, []
        return apart, attached

    def put(self, line: Statement, inserted: Lines) -> None:
        """Write a line of the file, with lines inserted before it and the comments that describe it."""
        apart, attached = self.split(leading(line))
        self.insert(inserted, apart)
        above = [*self._take(), *attached]
        self.lines.append(lead(line, _padded(above, self._wanted)) if above or self._wanted else self._bare(line))
        self._wanted = 0

    def insert(self, inserted: Lines, apart: list[cst.EmptyLine]) -> None:
        """Write new lines where `apart` stood above a line of the file."""
        if self._apart and apart and apart[0].comment is None:
            # what stood above a removed statement is followed by a blank line anyway
            while self._apart and self._apart[-1].comment is None:
                self._apart.pop()
        self._apart += apart
        if not inserted:
            return
        above = self._take()
        blanks = self._blanks if _is_definition(inserted[0]) and (self.lines or above) else 0
        self._new(inserted, _padded(above, max(blanks, self._wanted)))

    def append(self, inserted: Lines) -> None:
        """Write new lines directly after a line of the file."""
        blanks = self._blanks if _is_definition(inserted[0]) or (self.lines and _is_definition(self.lines[-1])) else 0
        self._new(inserted, [_BLANK] * max(blanks, self._wanted))

    def close(self, header: cst.BaseCompoundStatement, inside: _Writer) -> None:
        """Write a block around lines; what stood apart above the first of them stays outside."""
        first, *rest = inside.lines or [_pass()]
        apart, attached = self.split(leading(first))
        block = cst.IndentedBlock([lead(first, attached), *rest], footer=inside.orphans)
        self.put(header.with_changes(body=block, leading_lines=apart), [])

    def _new(self, inserted: Lines, above: list[cst.EmptyLine]) -> None:
        first, *rest = inserted
        self.lines += [lead(first, [*above, *leading(first)]), *rest]
        self._wanted = self._blanks if _is_definition(inserted[-1]) else 0

    def _take(self) -> list[cst.EmptyLine]:
        taken, self._apart = self._apart, []
        if self._lost_first and not self.lines:
            while taken and taken[0].comment is None:
                taken.pop(0)
        return taken

    def _bare(self, line: Statement) -> Statement:
        return lead(line, ()) if leading(line) else line


def _pass() -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([cst.Pass()])
