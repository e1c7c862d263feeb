"""Loops that evaluate a model which the file trains, and record graphs that nothing uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from fixer.facts.data.roles import Role, called_loader, drawn_from, is_loader, loop_of, role_of_name, roles_of
from fixer.facts.loops.matches import counts_hits
from fixer.facts.loops.relations import trained
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.training import Block, Event, EventKind, Inlined, Loop, Node, ancestors, events, within
from fixer.facts.program.values import Arguments, Computed, Items, Made, Part, Unknown, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

# Words by which a file says that it works with gradients otherwise than to train, or switches them off in its own way.
_GRADIENTS = re.compile(
    r"autograd\.grad\b|import grad\b|create_graph|jacobian|hessian|enable_grad|is_grad_enabled|torch\.func\b|"
    r"loss\w*\.data\[0\]|langevin|score.?match|higher\.|^\s*torch\.(autograd\.)?set_grad_enabled|meta_?learn|maml",
    re.MULTILINE,
)
_INSIDE = re.compile(
    r"grad|backward|optimi[sz]er|retain|adapt|yield|closure|attack|adversar|fgsm|\bpgd\b|perturb|salien"
)
_CLEARED = re.compile(r"^\s*[\w.]+\.zero_grad\([\w=]*\)[ \t\r]*$", re.MULTILINE)
_SWITCHED_OFF = re.compile(r"with torch\.(no_grad|inference_mode)\(\):")
_VARIABLE = "autograd.variable"
_EVALUATING = re.compile(r"^_?(test|evaluate?|validate?|validation|infer|predict|check_accuracy|compute_acc)")
_HARMLESS_MANAGERS = re.compile(
    r"autocast|tqdm|trange|open\(|\bdevice\(|profile|record_function|timer|progress|suppress"
)
_PLAIN_DECORATORS = re.compile(r"(staticmethod|classmethod|hydra\.main|main|record|torch\.enable_grad)\b")


@dataclass(frozen=True)
class GraphsInEvaluation:
    loop: ast.For
    forward: Event


def graphs_in_evaluation(script: Script) -> Iterator[GraphsInEvaluation]:
    """Every loop over data that evaluates with gradients on, for certain and each time the program comes by."""
    if not script.run.complete or _GRADIENTS.search(script.lowered):
        return
    finder = _Finder(script)
    found: dict[ast.For, list[Event | None]] = {}
    """Of each loop, the model's first call, on every way that leads to the loop."""
    for root in script.run.roots:
        leads = finder.leads_from_training(root)
        for draw in events(root, EventKind.DRAW):
            loop = loop_of(draw)
            if loop is not None and isinstance(loop.node, ast.For):
                seen = found.setdefault(loop.node, [])
                if leads and not finder.says_nothing(loop, draw):
                    seen.append(finder.forward(loop, draw))
    certain = {node: seen[0] for node, seen in found.items() if seen and seen[0] is not None and None not in seen}
    for node, forward in certain.items():
        around = (each for each in certain if each is not node)
        if script.home(node) is None and not any(inner is node for each in around for inner in walk(each)):
            yield GraphsInEvaluation(node, forward)


class _Finder:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.roles = roles_of(script)
        models: list[Value] = []
        for root in script.run.roots:
            for backward in events(root, EventKind.BACKWARD):
                around = next((each for each in ancestors(backward) if isinstance(each, Loop)), None)
                for event in events(around, EventKind.FORWARD) if around else ():
                    models += options(event.subject or Value())
        given = [each for update in script.updates for one in options(update.optimizer) for each in trained(one)]
        self.given = {id(each) for each in given}
        models += given
        self.trained = {id(each) for each in models}
        if "requires_grad" not in script.lowered:  # else a part of a model may be frozen
            self.trained |= {id(part) for each in models for part in _parts(each)}
        self.classes = {each.cls for each in models if isinstance(each, Made) and each.cls is not None}
        told = script.tree.body if "volatile" in script.lowered else []
        self.volatile = [each for each in told if "volatile" in script.source(each).lower()]
        self.backwards = [each for root in script.run.roots for each in events(root, EventKind.BACKWARD)]

    def leads_from_training(self, root: Block) -> bool:
        """Whether gradients are on where a way begins: who calls a lone function may have switched them off."""
        return root is self.script.run.roots[0] or any(events(root, EventKind.BACKWARD))

    def forward(self, loop: Loop, draw: Event) -> Event | None:
        """The first call of the model, if the loop evaluates it and gradients are on for nothing."""
        forwards = [each for each in events(loop.body, EventKind.FORWARD) if self._is_trained(each)]
        if not forwards or any(events(loop.body, EventKind.BACKWARD, EventKind.STEP)):
            return None
        assert isinstance(loop.node, ast.For)
        # gradients that are cleared in passing are those of the training before
        text, switched = _SWITCHED_OFF.subn(
            "", _CLEARED.sub("", self.script.source(loop.node).lower().replace(_VARIABLE, ""))
        )
        if _INSIDE.search(text) or self._escapes(loop, forwards) or not self._evaluates(loop, draw, forwards):
            return None
        if self._may_be_off(draw) or self._is_used(loop) or self._may_be_volatile(loop.node):
            return None
        return self._first_recorded(forwards, switched > 0)

    def _first_recorded(self, forwards: list[Event], switched: bool) -> Event | None:
        """The first call with gradients on; where others are `switched` off, it must follow those, and be of a model
        that an optimizer trains: a head upon fixed features."""
        off = [index for index, each in enumerate(forwards) if self._may_be_off(each)]
        behind = forwards[off[-1] + 1 :] if off else forwards
        if switched and not off:
            return None
        if off and not all(id(one) in self.given for each in behind for one in options(each.subject or Value())):
            return None
        return behind[0] if behind else None

    def _may_be_volatile(self, loop: ast.For) -> bool:
        """Whether old torch was told here, or in a function that makes batches, that nothing is to be recorded."""
        return any(
            isinstance(each, ast.FunctionDef | ast.ClassDef) or any(one is loop for one in walk(each))
            for each in self.volatile
        )

    def says_nothing(self, loop: Loop, draw: Event) -> bool:
        """Whether this way is no reason to leave gradients on: the caller switches them off, the accuracy is that on
        training data, or nobody knows what is called, a model that was read from a file before the last test."""
        if any(events(loop.body, EventKind.BACKWARD, EventKind.STEP, EventKind.CLEAR)) or self._is_used(loop):
            return False
        forwards = list(events(loop.body, EventKind.FORWARD))
        return not forwards or self._may_be_off(draw) or not self._evaluates(loop, draw, forwards)

    def _is_trained(self, forward: Event) -> bool:
        models = options(forward.subject or Value())
        return all(self._was_trained(each) and "requires_grad_" not in each.uses for each in models)

    def _was_trained(self, model: Value) -> bool:
        """Whether the file trains this model, or another of its class, whose weights it may have loaded."""
        return id(model) in self.trained or (isinstance(model, Made) and model.cls in self.classes)

    def _escapes(self, loop: Loop, forwards: list[Event]) -> bool:
        """Whether code out of sight gets the model."""
        models = {id(one) for each in forwards for one in options(each.subject or Value())}
        handed = (one for each in events(loop.body, EventKind.ESCAPE) for one in options(each.subject or Value()))
        return any(id(each) in models for each in handed)

    def _evaluates(self, loop: Loop, draw: Event, forwards: list[Event]) -> bool:
        """Whether the data are called so, or the function is, or the model is in evaluation mode."""
        nodes = walk(draw.node)
        names = [each.id for each in nodes if isinstance(each, ast.Name)]
        names += [each.attr for each in nodes if isinstance(each, ast.Attribute)]
        names += [str(each.value) for each in nodes if isinstance(each, ast.Constant)]
        if _counts(draw.node) or _of_plain_numbers(draw.node):
            return False  # rounds of a game, say: what each of them costs is no batch's graph
        models = {id(one) for each in forwards for one in options(each.subject or Value())}
        if isinstance(draw.subject, Items) and models & {id(each) for each in draw.subject.items}:
            return False  # the layers themselves, one after the other
        source = drawn_from(draw.subject)
        roles = {role_of_name(each) for each in names} - {None}
        hits = (is_loader(source) or called_loader(loop)) and counts_hits(self.script, loop)
        if roles:
            return roles == {Role.EVALUATION} or (roles == {Role.TRAINING} and hits)
        several = any(not isinstance(one, Made) for each in forwards for one in options(each.subject or Value()))
        if {"zip", "trange"} & set(names) or ("range" in names and (several or not _in_batches(draw.node))):
            return False  # several models in turn, say: nobody can tell what goes round
        function = self.script.function_of(loop.node)
        if function is not None and _EVALUATING.match(function.name.lower()):
            return True
        if _numbers(draw.node):
            return False  # steps of a sequence, say
        if source is not None and self.roles.said_of_dataset(source) == {Role.EVALUATION}:
            return True
        return hits or all(self._mode(each) == "eval" for each in forwards)

    def _mode(self, forward: Event) -> str:
        """What the last call before it, in the same run of statements, switched the model to."""
        models = {id(one) for one in options(forward.subject or Value())}
        for node in ancestors(forward):
            for item in reversed(_before(node, forward)):
                for mode in reversed(list(events(item, EventKind.MODE))):
                    if models & {id(one) for one in options(mode.subject or Value())}:
                        return mode.detail
            if isinstance(node, Loop) and any(events(node, EventKind.BACKWARD)):
                break
        return ""

    def _may_be_off(self, forward: Event) -> bool:
        """Whether gradients may be off there: by a manager or a decorator around it, or around what leads to it."""
        parents = self.script.parents
        calls = [each.call for each in ancestors(forward) if isinstance(each, Inlined)]
        for anchor in (forward.node, *calls):
            node: ast.AST | None = parents.get(anchor)
            while node is not None:
                match node:
                    case ast.With() | ast.AsyncWith():
                        if not all(self._is_harmless(each.context_expr) for each in node.items):
                            return True
                    case ast.FunctionDef() | ast.AsyncFunctionDef():
                        if not all(_PLAIN_DECORATORS.match(ast.unparse(each)) for each in node.decorator_list):
                            return True
                node = parents.get(node)
        return False

    def _is_harmless(self, manager: ast.expr) -> bool:
        """Whether a context manager is known to leave gradients on."""
        text = ast.unparse(manager)
        if not isinstance(manager, ast.Name):
            return "grad" not in text and bool(_HARMLESS_MANAGERS.search(text))
        nodes = (each for each in walk(self.script.tree) if isinstance(each, ast.Assign))
        made = [each.value for each in nodes if any(ast.unparse(target) == text for target in each.targets)]
        return bool(made) and all(not isinstance(each, ast.Name) and self._is_harmless(each) for each in made)

    def _is_used(self, loop: Loop) -> bool:
        """Whether something that the loop computes is back-propagated later."""
        own = {id(each) for each in walk(loop.node)} | {id(loop.node)}
        later = (each.subject for each in self.backwards if each.subject is not None and not within(each, loop))
        return any(_comes_from(each, own, 6) for each in later)


def _parts(model: Value, depth: int = 3) -> Iterator[Value]:
    """The modules that a model keeps."""
    for each in model.attributes.values():
        if isinstance(each, Made) and kind(each) is Kind.MODULE and depth:
            yield each
            yield from _parts(each, depth - 1)


def _of_plain_numbers(node: ast.AST) -> bool:
    """Whether a loop goes through numbers that are written out, `for batch_size in [1, 4, 16]`: no data."""
    elements = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    return bool(elements) and all(isinstance(x, ast.Constant) and isinstance(x.value, int | float) for x in elements)


def _in_batches(node: ast.AST) -> bool:
    """Whether a loop goes over the starts of batches, `range(0, data.size(0), batch_size)`, or over their numbers,
    `range(len(batches))`."""
    starts = (each for each in walk(node) if isinstance(each, ast.Call) and ast.unparse(each.func) == "range")
    return all(len(each.args) == 3 for each in starts) or _numbers(node)


def _numbers(node: ast.AST) -> bool:
    """Whether a loop counts what a thing holds: `range(len(batches))`."""
    match node:
        case ast.Call(func=ast.Name(id="enumerate" | "tqdm"), args=[inner, *_]):
            return _numbers(inner)
        case ast.Call(func=ast.Name(id="range" | "trange"), args=[ast.Call(func=ast.Name(id="len"))]):
            return True
    return False


def _counts(node: ast.AST) -> bool:
    """Whether a loop over `range(num_test)` goes by a number that no data set gives."""
    match node:
        case ast.Call(func=ast.Name(id="enumerate" | "tqdm" | "iter"), args=[inner, *_]):
            return _counts(inner)
        case ast.Call(func=ast.Name(id="range" | "trange"), args=arguments):
            text = " ".join(map(ast.unparse, arguments))
            batches = len(arguments) == 3 and not isinstance(arguments[1], ast.Constant)
            return not batches and not re.search(r"\blen\(|\.shape\b|\.size\b", text)
    return False


def _before(node: Node, forward: Event) -> list[Event | Node]:
    """What stands before the forward pass in a block around it."""
    if not isinstance(node, Block):
        return []
    around = {id(each) for each in ancestors(forward)} | {id(forward)}
    return list(takewhile(lambda item: id(item) not in around, node.items))


def _comes_from(value: Value, nodes: set[int], depth: int) -> bool:
    """Whether a value is made by one of these nodes, or computed from one that is."""
    seen: set[int] = set()
    level = options(value)
    for _ in range(depth + 1):  # level by level: a recurrent state has very many ways to where it comes from
        # a thing that was only read from another is no result: the same loader's batches go through other loops
        made = (each for each in level if not (isinstance(each, Part) and each.how != "method"))
        if any(id(each.node) in nodes for each in made):
            return True
        seen |= {id(each) for each in level}
        deeper = {id(one): one for each in level for inner in _made_from(each) for one in options(inner)}
        level = [each for key, each in deeper.items() if key not in seen]
    return False


def _made_from(value: Value) -> list[Value]:
    inner: list[Value] = []
    given: Arguments | None = None
    match value:
        case Computed(operands=operands):
            inner = operands
        case Part(base=base, arguments=arguments):
            inner, given = [base], arguments
        case Made(arguments=arguments):
            given = arguments
        case Items(items=items, each=one):
            inner = [*items, *([one] if one else [])]
        case Unknown(holds=holds):
            inner = holds
    return [*inner, *(given.all() if given else [])]
