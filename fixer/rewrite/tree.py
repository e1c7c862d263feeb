"""One text as a LibCST tree, with the twin of every `ast` node, and the pass that applies edits to it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import cast

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from fixer.differences import changes
from fixer.edits import AddImport, AddParameter, Edit, Guard, InsertAfter, InsertBefore, Move, Remove
from fixer.results import Position
from fixer.rewrite import blocks, expressions, imports, parameters
from fixer.rewrite.conflicts import lost, touched
from fixer.rewrite.errors import RewriteError, Unreachable, Unreadable
from fixer.rewrite.expressions import Turn
from fixer.rewrite.items import Change
from fixer.source import Lines

Place = tuple[int, int]
_FOREIGN_TO_LIBCST = re.compile(r"\r(?!\n)|\x0c")


class SourceTree:
    """A text, its LibCST tree, and the way from `ast` nodes to the nodes of that tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        # LibCST loses lone carriage returns and form feeds; one character stands for another, so places stay true
        self._plain = _FOREIGN_TO_LIBCST.sub(lambda match: "\n" if match[0] == "\r" else " ", text)
        self.lines = Lines(text)
        try:
            self.module = cst.parse_module(self._plain)
            if self.module.code != self._plain:
                raise Unreadable("LibCST does not give this file back as it is")
            self._index()
        except RecursionError as error:
            raise Unreadable("an expression is nested too deeply to be rewritten") from error
        except cst.ParserSyntaxError as error:
            raise Unreadable(f"LibCST cannot read this file: line {error.raw_line}: {error.message}") from error

    def _index(self) -> None:
        wrapper = MetadataWrapper(self.module, unsafe_skip_copy=True)
        self.module = wrapper.module
        self.places = wrapper.resolve(PositionProvider)
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self._statements: dict[Place, cst.CSTNode] = {}
        self._expressions: dict[tuple[Place, Place], list[cst.CSTNode]] = defaultdict(list)
        self.module.visit(_Indexer(self))

    def add(self, node: cst.CSTNode) -> None:
        """Make `node` known under its place."""
        place = self.places.get(node)
        if place is None:  # LibCST passes over some white space of match statements
            return
        start, end = (place.start.line, place.start.column), (place.end.line, place.end.column)
        if isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            self._statements[start] = node
        if isinstance(node, cst.Tuple | cst.GeneratorExp) and node.lpar:
            # the span of an ast tuple or generator holds its own parentheses
            left, right = self.places[node.lpar[-1]].start, self.places[node.rpar[0]].end
            start, end = (left.line, left.column), (right.line, right.column)
        if isinstance(node, cst.BaseExpression | cst.Slice):
            self._expressions[start, end].append(node)

    def statement(self, node: ast.stmt) -> cst.CSTNode:
        _check_known(node)
        twin = self._statements.get(_place(self.lines.start(node)))
        if twin is None:
            raise Unreachable(f"no statement of the text begins where {_describe(node)} does")
        return twin

    def expression(self, node: ast.expr) -> cst.CSTNode:
        _check_known(node)
        if isinstance(node, ast.GeneratorExp):
            # the sole argument of a call: its parentheses are the call's
            parent = self.parents.get(self.expression(node.elt))
            if isinstance(parent, cst.GeneratorExp):
                return parent
        kind: type[cst.CSTNode] = cst.Slice if isinstance(node, ast.Slice) else cst.BaseExpression
        span = _place(self.lines.start(node)), _place(self.lines.end(node))
        for twin in self._expressions.get(span, ()):
            if isinstance(twin, kind) and self._same(node, twin):
                return twin
        raise Unreachable(f"{_describe(node)} has no place of its own in the text")

    def _same(self, node: ast.expr, twin: cst.CSTNode) -> bool:
        """Python 3.11 misplaces what stands in f-strings; never edit a neighbour instead."""
        if isinstance(twin, cst.Slice):
            return True
        try:
            return ast.unparse(ast.parse(f"({self.module.code_for_node(twin)}\n)", mode="eval")) == ast.unparse(node)
        except SyntaxError:
            return False

    def glued(self, twin: cst.CSTNode, new: cst.CSTNode) -> bool:
        """Whether `new` in the place of `twin` would run together with the word before or behind it: `return(x)`."""
        own = getattr(twin, "lpar", ()), getattr(twin, "rpar", ())
        start = self.places[own[0][0] if own[0] else twin].start
        end = self.places[own[1][-1] if own[1] else twin].end
        first = self.lines.offset(Position(start.line, start.column + 1))
        last = self.lines.offset(Position(end.line, end.column + 1))
        code = self.module.code_for_node(new)
        return _is_word(self.text[first - 1 : first] + code[:1]) or _is_word(code[-1:] + self.text[last : last + 1])

    def apply(self, edits: Sequence[Edit]) -> str:
        if pair := lost(edits):
            raise RewriteError(f"{type(pair[0]).__name__} throws away what {type(pair[1]).__name__} changes inside it")
        plan = _Plan(self, edits)
        try:
            module = self.module.visit(plan)
            if plan.moved:
                landing = _Land(plan.moved)
                module = module.visit(landing)
                if landing.landed != set(plan.moved):
                    raise RewriteError("statements are moved into each other")
            rewritten = imports.add(module, plan.imports, self.module)
            return self._restore(rewritten.code)
        except (cst.CSTValidationError, cst.ParserSyntaxError) as error:
            raise RewriteError(f"the edits make no valid program: {error}") from error
        except RecursionError as error:
            raise RewriteError("an expression is nested too deeply to be rewritten") from error

    def _restore(self, code: str) -> str:
        if self._plain == self.text:
            return code
        newline = "\r" if "\r" in self.text and "\n" not in self.text else "\n"
        pieces, done = [], 0
        for b0, b1, a0, a1 in changes(self._plain, code):
            pieces += [self.text[done:b0], code[a0:a1].replace("\n", newline)]
            done = b1
        return "".join([*pieces, self.text[done:]])


class _Indexer(cst.CSTVisitor):
    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._above: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if self._above:
            self._tree.parents[node] = self._above[-1]
        self._above.append(node)
        self._tree.add(node)
        return not isinstance(node, cst.BaseParenthesizableWhitespace | cst.TrailingWhitespace | cst.EmptyLine)

    def on_leave(self, original_node: cst.CSTNode) -> None:  # noqa: ARG002
        self._above.pop()


Replaced = cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]


class _Plan(cst.CSTTransformer):
    """The edits of one call, by the node that each lands on; visits nothing but the way to those nodes."""

    def __init__(self, tree: SourceTree, edits: Sequence[Edit]) -> None:
        super().__init__()
        self._tree = tree
        self._changes: dict[cst.CSTNode, list[tuple[Turn, Change]]] = defaultdict(list)
        self._blocks: dict[cst.CSTNode, blocks.BlockEdits] = {}
        self._way: set[cst.CSTNode] = set()
        self.imports: list[AddImport] = []
        self.moved: dict[str, list[cst.BaseStatement]] = {}
        for number, edit in enumerate(edits):
            self._place(number, edit)

    def _place(self, number: int, edit: Edit) -> None:
        match edit:
            case AddImport():
                self.imports.append(edit)
            case InsertBefore(anchor, code):
                self._block(anchor).before(self._tree.statement(anchor), blocks.parse(code, self._tree.module))
            case InsertAfter(anchor, code):
                self._block(anchor).after(self._tree.statement(anchor), blocks.parse(code, self._tree.module))
            case Remove(node):
                self._block(node).remove(self._tree.statement(node))
            case Guard(statements, header):
                self._guard(statements, header)
            case Move():
                self._move(edit)
            case AddParameter(function, code):
                self._change(self._tree.statement(function), (0, 0, 0, number), parameters.add_parameter(code))
            case _:
                twin = self._tree.expression(cast(ast.expr, touched(edit)[0]))
                self._change(twin, *expressions.change(edit, number, twin, self._tree))

    def _change(self, twin: cst.CSTNode, turn: Turn, change: Change) -> None:
        self._changes[twin].append((turn, change))
        self._mark(twin)

    def _mark(self, node: cst.CSTNode | None) -> None:
        while node is not None and node not in self._way:
            self._way.add(node)
            node = self._tree.parents.get(node)

    def _block(self, anchor: ast.stmt) -> blocks.BlockEdits:
        """The edits of the block that `anchor` stands in; an `elif` counts as a block of one."""
        twin = self._tree.statement(anchor)
        owner = self._tree.parents[twin]
        if isinstance(owner, cst.SimpleStatementLine):
            owner = self._tree.parents[owner]
        self._mark(twin)
        return self._blocks.setdefault(owner, blocks.BlockEdits(self._tree.module))

    def _guard(self, statements: tuple[ast.stmt, ...], header: str) -> None:
        if not statements:
            raise RewriteError("Guard needs at least one statement")
        owners = [self._block(statement) for statement in statements]
        if any(owner is not owners[0] for owner in owners):
            raise RewriteError("the statements of a Guard stand in different blocks")
        owners[0].guard([self._tree.statement(statement) for statement in statements], header)

    def _move(self, move: Move) -> None:
        node, anchor = self._tree.statement(move.node), self._tree.statement(move.anchor)
        above: cst.CSTNode | None = anchor
        while above is not None:
            if above is node:
                raise RewriteError("a statement cannot be moved into itself")
            above = self._tree.parents.get(above)
        key = f"__fixer_moved_{len(self.moved)}__"
        self.moved[key] = []
        self._block(move.node).take(node, self.moved[key])
        landing: list[cst.BaseStatement] = [cst.SimpleStatementLine([cst.Expr(cst.Name(key))])]
        target = self._block(move.anchor)
        (target.after if move.after else target.before)(anchor, landing)

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self._way

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Replaced:  # type: ignore[override]
        for _, change in sorted(self._changes.get(original_node, ()), key=lambda ordered: ordered[0]):
            updated_node = change(updated_node)
        if original_node in self._blocks:
            return self._blocks[original_node].apply(original_node, updated_node)
        return updated_node


class _Land(cst.CSTTransformer):
    """Puts moved statements where their placeholders stand."""

    def __init__(self, moved: dict[str, list[cst.BaseStatement]]) -> None:
        super().__init__()
        self._moved = moved
        self.landed: set[str] = set()

    def leave_SimpleStatementLine(
        self,
        original_node: cst.SimpleStatementLine,  # noqa: ARG002
        updated_node: cst.SimpleStatementLine,
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        match updated_node.body:
            case [cst.Expr(value=cst.Name(value=name))] if name in self._moved:
                self.landed.add(name)
                return cst.FlattenSentinel(self._landed(updated_node, self._moved[name]))
        return updated_node

    def _landed(
        self, placeholder: cst.SimpleStatementLine, statements: Iterable[cst.BaseStatement]
    ) -> list[cst.BaseStatement]:
        landed = [statement.visit(self) for statement in statements]
        first, *rest = (statement for statement in landed if isinstance(statement, cst.BaseStatement))
        return [blocks.lead(first, [*placeholder.leading_lines, *blocks.leading(first)]), *rest]


def _place(position: Position) -> Place:
    return position.line, position.column - 1


def _check_known(node: ast.AST) -> None:
    if not isinstance(node, ast.expr | ast.stmt) or not hasattr(node, "lineno"):
        raise RewriteError(f"{_describe(node)} is no statement or expression of the script's own tree")


def _is_word(pair: str) -> bool:
    return len(pair) == 2 and all(char.isalnum() or char in "_\"'" for char in pair) and pair[0] not in "\"'"


def _describe(node: ast.AST) -> str:
    line = getattr(node, "lineno", None)
    return f"{type(node).__name__} of line {line}" if line else type(node).__name__
