"""In which mode a model is, training or evaluation, wherever the program calls it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fixer.facts.loops.mode_models import COMPUTES, MAY_SWITCH, Group, group_of, touches
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.training import Block, Branch, Event, EventKind, Inlined, Loop, Node, events
from fixer.facts.program.values import (
    Part,
)
from fixer.facts.program.walk import walk

TRAIN, EITHER, SUPPOSED = "train", "either", "supposed"
Mode = str | Event
"""TRAIN; the event that switched to evaluation; EITHER: nobody knows; SUPPOSED: see `Modes`."""
States = frozenset[Mode]
"""What the mode may be, over all paths. Empty: no path leads there."""

# Calls out of sight that are handed a model and, by their name, leave its mode as it is.
_KEEPS_MODE = re.compile(
    r"log|print|save|writ|dump|summar|checkpoint|ckpt|clip|count|ema|average|loss|criterion|"
    r"penalty|(^|_)lr|learning_rate|sched|warmup|anneal|meter|monitor|early|decay|reduce|norm|param|optim|adam|sgd|"
    r"state_dict|stor(e|ing)|record|push|append|extend|add_|format|close|flush|sync|gather|wait|prepare|setup|wrap|profil|accumul|autocast|watch|init|load|flops|"
    r"parallel|ddp|fsdp|(?<!zero_)grad$|^(to|cuda|cpu|float|half|double|bfloat16|items|keys|get|item|numpy|detach|view|reshape|size|hook|SAM|first_step|second_step|"
    # of tensors
    r"new(_\w+)?|(un)?squeeze|expand(_as)?|repeat(_interleave)?|permute|transpose|contiguous|fill_|copy_|zero_|"
    r"(uniform|normal)_|t|mul_?|div_?|sub_?|sum|mean|argmax|max|min|clamp_?|pow|sqrt|exp|index_select|gather|scatter_?)$",
    re.IGNORECASE,
)
_SWITCHES = re.compile(r"(?<![a-z])(eval(uat\w+)?|test|valid(at\w+)?|train|fit|mode|inference|deploy)(?![a-z])|switch")


@dataclass(eq=False)
class Forward:
    """One call of a model, on one way through the calls of the file."""

    event: Event
    states: States
    without_grad: bool
    by_method: bool = False
    """It is `model.encode(...)` or the like, of a class out of sight."""
    handed: bool = False
    """The model is given to code out of sight that computes with it: `sliding_window_inference(inputs, 4, model)`."""


@dataclass(eq=False)
class _Frame:
    """Where the jumps out of a function or a loop lead to."""

    returned: set[Mode] = field(default_factory=set)
    broken: set[Mode] = field(default_factory=set)
    continued: set[Mode] = field(default_factory=set)


class Modes:
    """Follows one model through one root of the event tree, as if the loop at `supposed` began with `model.eval()`."""

    def __init__(self, model: Group, root: Block, supposed: ast.AST | None = None) -> None:
        self.model = model
        self.root = root
        self._supposed = supposed
        self.forwards: dict[int, Forward] = {}
        self._frames: list[_Frame] = [_Frame()]
        self._off: list[bool] = [False]
        self._touched: dict[int, str] = {}
        self._in_block(root, frozenset({EITHER}))

    # -- the tree --------------------------------------------------------------------------------------------------

    def _in_block(self, block: Block, states: States) -> States:
        called: Event | None = None
        for item in block.items:
            match item:
                case Event():
                    called = item if item.kind is EventKind.CALL else called
                    states = self._at(item, states)
                case Block():
                    states = self._in_block(item, states)
                case Branch():
                    states = self._in_branch(item, states)
                case Loop():
                    states = self._in_loop(item, states)
                case Inlined():
                    if called is not None and called.node is item.call and states and self._computes(item):
                        known = self.forwards.get(id(called))
                        before = known.states if known else states
                        self.forwards[id(called)] = Forward(called, before | states, self._off[-1], by_method=True)
                    states = self._in_call(item, states)
        return states

    def _computes(self, call: Inlined) -> bool:
        """Whether a method of the model, in sight, computes something with it, and trains nothing."""
        owner, name = call.function.owner, getattr(call.function.function, "name", "")
        if owner is None or name.startswith("_") or name == "forward" or _HOUSEKEEPING.match(name):
            return False
        return group_of(owner) <= self.model and not any(events(call, EventKind.BACKWARD, EventKind.STEP))

    def _in_branch(self, branch: Branch, states: States) -> States:
        ends: list[States] = []
        depth = len(self._off)
        for index, arm in enumerate(branch.arms):
            start = states
            if index and isinstance(branch.node, ast.Try | ast.TryStar):
                start = states | ends[0]  # an error may come at any point
            ends.append(self._in_block(arm, start))
            del self._off[depth:]
        return frozenset().union(*ends) if ends else states

    def _in_loop(self, loop: Loop, states: States) -> States:
        if loop.node is self._supposed:
            states = frozenset({SUPPOSED})
        entry, depth = states, len(self._off)
        frame = _Frame()
        after: States = frozenset()
        for _ in range(4):
            self._frames.append(frame)
            after = self._in_block(loop.body, states) | frame.continued
            self._frames.pop()
            del self._off[depth:]
            if states | after == states:
                break
            states = states | after
        self._frames[-1].returned |= frame.returned
        # a loop that trains goes round at least once
        once = any(True for _ in events(loop, EventKind.BACKWARD, EventKind.STEP))
        return frozenset((after if once else after | entry) | frame.broken)

    def _in_call(self, call: Inlined, states: States) -> States:
        definition = call.function.function
        frame, depth = _Frame(), len(self._off)
        self._off.append(self._off[-1] or _decorated_without_grad(definition))
        self._frames.append(frame)
        after = self._in_block(call.body, states) | frame.returned
        self._frames.pop()
        del self._off[depth:]
        if self._switches(call) and (call.function.opaque or _is_generator(definition)):
            return frozenset({EITHER})  # it may run at other times, or something else around it
        return frozenset(after)

    # -- events ----------------------------------------------------------------------------------------------------

    def _at(self, event: Event, states: States) -> States:
        match event.kind:
            case EventKind.GRAD:
                if event.detail == "restored":
                    if len(self._off) > 1:
                        self._off.pop()
                else:
                    self._off.append(event.detail == "off" or (event.detail == "unknown" and self._off[-1]))
            case EventKind.FORWARD | EventKind.CALL:
                if states and _called(event) == self.model:
                    known = self.forwards.get(id(event))
                    states_there = known.states | states if known else states
                    by_method = event.kind is EventKind.CALL
                    self.forwards[id(event)] = Forward(event, states_there, self._off[-1], by_method)
                if states and self._may_switch(event):
                    return frozenset({EITHER})
            case EventKind.JUMP:
                return self._jump(event, states)
            case EventKind.MODE:
                return self._switch(event, states)
            case EventKind.MAKE if event.subject in self.model:
                return frozenset({TRAIN})
            case EventKind.ESCAPE if self._touch(event) == "may" and not _keeps_mode(event):
                return self._handed_over(event, states)
        return states

    def _may_switch(self, event: Event) -> bool:
        """Whether it is a method out of sight that may switch the model, by its name: `model.eval_mode()`."""
        match event:
            case Event(kind=EventKind.CALL, subject=Part(how="method", key=str() as name, base=base)):
                if name == "apply" and isinstance(event.node, ast.Call):
                    named = _SWITCHES.search(" ".join(map(ast.unparse, event.node.args)))
                else:
                    named = _SWITCHES.search(name) if name not in ("train", "eval") else None
                return named is not None and group_of(base) == self.model
        return False

    def _handed_over(self, event: Event, states: States) -> States:
        """Who computes with a model in evaluation mode leaves it so; else the mode may be another one afterwards."""
        if not _computes_with(event):
            return frozenset({EITHER})
        if states and group_of(event.subject) == self.model:
            known = self.forwards.get(id(event))
            before = known.states if known else states
            self.forwards[id(event)] = Forward(event, before | states, self._off[-1], by_method=True, handed=True)
        return frozenset(each if isinstance(each, Event) else EITHER for each in states)

    def _jump(self, event: Event, states: States) -> States:
        if event.detail == "return":
            self._frames[-1].returned |= states
        elif event.detail == "break":
            self._frames[-1].broken |= states
        elif event.detail == "continue":
            self._frames[-1].continued |= states
        return frozenset()

    def _switch(self, event: Event, states: States) -> States:
        touch = self._touch(event)
        if touch == "no":
            return states
        if touch == "may" or event.detail == "either":
            return frozenset({EITHER})
        return frozenset({TRAIN}) if event.detail == "train" else frozenset({event})

    def _touch(self, event: Event) -> str:
        if id(event) not in self._touched:
            self._touched[id(event)] = touches(event, self.model)
        return self._touched[id(event)]

    def _switches(self, node: Node) -> bool:
        return any(self._touch(each) != "no" for each in events(node, EventKind.MODE))


def _keeps_mode(event: Event) -> bool:
    """Whether nobody switches, going by the name of what is called, or is handed over: `apply(net.init_weights)`."""
    handed = event.subject
    name = handed.key if isinstance(handed, Part) and handed.how == "attribute" and event.detail == "apply" else ""
    return any(_KEEPS_MODE.search(each) for each in (_called_name(event), name) if isinstance(each, str) and each)


def _called_name(event: Event) -> str:
    """What is called; of an object, its name: `early_stopping(loss, model)`."""
    if event.detail not in ("call", "forward") or not isinstance(event.node, ast.Call):
        return event.detail
    func = event.node.func
    return getattr(func, "attr", getattr(func, "id", event.detail))


def _computes_with(event: Event) -> bool:
    """Whether code out of sight that gets the model wants its results, going by the name, and switches nothing."""
    name = _called_name(event)
    return COMPUTES.search(name) is not None and MAY_SWITCH.search(name) is None


def _decorated_without_grad(definition: ast.AST | None) -> bool:
    decorators: Iterable[ast.expr] = getattr(definition, "decorator_list", [])
    texts = (each for decorator in decorators for each in walk(decorator))
    return any(getattr(each, "attr", getattr(each, "id", "")) in ("no_grad", "inference_mode") for each in texts)


def _is_generator(definition: ast.AST | None) -> bool:
    return definition is not None and any(isinstance(each, ast.Yield | ast.YieldFrom) for each in walk(definition))


# Methods of modules that compute nothing.
_HOUSEKEEPING = re.compile(
    r"(train|eval|to|cuda|cpu|float|half|double|parameters|named_\w+|modules|children|apply|state_dict|load_\w+|save\w*|"
    r"zero_grad|backward|step|requires_grad_|reset\w*|share_memory|init\w*|_init\w*|register_\w+|add_\w+|get_\w*|set_\w*|"
    r"log(?!_?(prob|marg|lik|pdf|dens|joint|soft|sum))\w*|print\w*|no_sync|clip\w*|update\w*|freeze\w*|unfreeze\w*|gradient_\w+|enable_\w+|resize_\w+|push_\w+)$"
)


def _called(event: Event) -> Group | None:
    """The models that a call computes something with."""
    if event.kind is EventKind.FORWARD:
        return group_of(event.subject)
    match event.subject:
        case Part(how="method", key=str() as key, base=base) if not _HOUSEKEEPING.match(key):
            return group_of(base) if kind(base) in (Kind.MODULE, Kind.UNKNOWN) else None
    return None


def followed(roots_of_run: list[Block]) -> Iterator[tuple[Group, Block]]:
    """Every model that the program calls or switches, with each root in which it does."""
    for root in roots_of_run:
        subjects = (each.subject for each in events(root, EventKind.FORWARD, EventKind.MODE))
        for model in dict.fromkeys(map(group_of, subjects)):
            if model:
                yield model, root
