"""Models that are evaluated in training mode, or trained in evaluation mode, and where the switch belongs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from fixer.facts.data.roles import Role, Roles, roles_of
from fixer.facts.loops.loop_roles import role_of_loop
from fixer.facts.loops.mode_models import Group, group_of, touches
from fixer.facts.loops.modes import SUPPOSED, TRAIN, Forward, Modes, followed
from fixer.facts.loops.relations import share_parameters, trained
from fixer.facts.loops.updates import conditions
from fixer.facts.modules.mode_layers import depends_on_mode, is_dropout
from fixer.facts.program.following import kept
from fixer.facts.program.kinds import Kind, kind, name_of
from fixer.facts.program.training import Block, Event, EventKind, Loop, ancestors, events, within
from fixer.facts.program.values import Made, Part, Value, options
from fixer.facts.script import Script

# Words by which a program says that training mode is wanted where it evaluates.
_ON_PURPOSE = re.compile(
    r"mc.?drop|monte.?carlo|uncertain|bayes|epistemic|recalibrat|update_bn|precise.?bn|bn.?(re)?estimat|adabn|"
    r"test.?time.{0,3}(drop|train|adapt|bn|batch|norm)|stochastic.?(forward|pass)|dropout.?(at|during|in).?(test|inference|eval)|enable.?dropout"
)
_GENERATOR = re.compile(r"generator|^g_|_g$|^g$|net_?g|gen\b|gan", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Disturbed:
    """A model that is evaluated in training mode."""

    written: ast.expr
    """What is called, as the program writes it."""
    goes_on: bool
    """Whether it is trained on afterwards, without a switch to training mode before."""
    minds: bool
    """Whether it has layers that mind the mode for certain; else the program says that it may, by its `train()`."""


@dataclass(eq=False)
class Look:
    """A loop over evaluation data, with the models that it feeds while they are in training mode."""

    loop: Loop
    mixed: bool
    """Whether one more switch would do harm, or no good: the same loop trains when it is reached on another way
    (`run_epoch(loader, optimizer=None)`), another loop makes features with the model in the same mode, or the loop
    itself calls `train()`."""
    models: list[Disturbed] = field(default_factory=list)

    def add(self, model: Disturbed) -> None:
        """One call of a function that is given several models in turn is one place to switch."""
        same = [each for each in self.models if each.written is model.written]
        self.models = [each for each in self.models if each.written is not model.written]
        goes_on = model.goes_on or any(each.goes_on for each in same)
        self.models.append(Disturbed(model.written, goes_on, model.minds and all(each.minds for each in same)))


@dataclass(eq=False)
class Stuck:
    """Training that goes on in the evaluation mode which an evaluation has left behind."""

    forward: Event
    loop: Loop
    """The loop that evaluates and trains."""
    switch: Event
    """The `eval()`."""
    written: ast.expr
    in_phases: bool = False
    """The same call trains and evaluates in turn: `for phase in ("train", "val")`."""


def mode_gaps(script: Script) -> ModeGaps:
    """Both kinds, found in one look at the program."""
    return kept(script, "mode gaps", lambda: ModeGaps(script))


class ModeGaps:
    def __init__(self, script: Script) -> None:
        self.script = script
        self._known_ways: dict[Group, list[Modes]] = {}
        self.silent = not script.run.complete or _ON_PURPOSE.search(script.lowered) is not None

    @cached_property
    def roles(self) -> Roles:
        return roles_of(self.script)

    @cached_property
    def _followed(self) -> dict[Group, list[Block]]:
        """Every model whose mode can be followed, through all roots that call it."""
        found: dict[Group, list[Block]] = {}
        for model, root in followed(self.script.run.roots):
            if not any(map(_own_switches, model)):
                found.setdefault(model, []).append(root)
        return found

    def _ways(self, model: Group) -> list[Modes]:
        """Both rules ask for them, of few models: to follow one costs a walk through all that the program does."""
        if model not in self._known_ways:
            self._known_ways[model] = [Modes(model, root) for root in self._followed[model]]
        return self._known_ways[model]

    # -- evaluation in training mode -------------------------------------------------------------------------------

    def looks(self) -> Iterator[Look]:
        """Loops over evaluation data that feed a model in training mode, on every path that leads there."""
        if self.silent:
            return
        found: dict[ast.AST, Look] = {}
        for model in self._followed:
            minds = _minds(model)
            if minds is False or any(map(self._meant_to_vary, model)):
                continue
            ways = self._ways(model)
            if minds is None and not any(_is_told_to_train(model, way) for way in ways):
                continue
            places: dict[ast.AST, list[tuple[Loop, Forward]]] = {}
            for way in ways:
                for forward in way.forwards.values():
                    if (loop := self._evaluation_loop(forward)) is not None:
                        places.setdefault(loop.node, []).append((loop, forward))
            for node, several in places.items():
                # where another call of the same function comes in evaluation mode, one more switch does no harm
                for loop, forward in several:
                    written = forward.event.node
                    if forward.states == {TRAIN} and isinstance(written, ast.Call):
                        trains = any(own.node is node and _learns(own) for _, own in self.roles.loops)
                        mixed = trains or self._fed_elsewhere(ways, forward) or _told_to_train(loop, model)
                        look = found.setdefault(node, Look(loop, mixed))
                        look.add(Disturbed(_model(written.func), self._goes_on(model, loop, ways), minds is True))
                        break
        yield from found.values()

    def _fed_elsewhere(self, ways: list[Modes], look: Forward) -> bool:
        """Whether a model that nothing trains is called in training mode before, by another loop of the same function.

        What both give belongs together (features of the training and of the test data): one switch would part them.
        """
        every = [each for way in ways for each in way.forwards.values()]
        before = [each for each in every if each.states == {TRAIN} and each.event.node is not look.event.node]
        here = self.script.function_of(look.event.node)
        return not any(map(_trains_by, every)) and any(self.script.function_of(x.event.node) is here for x in before)

    def _meant_to_vary(self, model: Value) -> bool:
        """A generator whose noise is its dropout, or a dropout by itself, which makes noise wherever it is called."""
        if is_dropout(model):
            return True
        names = [name_of(model), *self.roles.names_of(model)]
        if isinstance(model, Made) and model.cls is not None and model.cls.definition is not None:
            names.append(model.cls.definition.name)
        return any(_GENERATOR.search(each) for each in names)

    def _evaluation_loop(self, forward: Forward) -> Loop | None:
        """The loop over evaluation data in which a model is called once for each batch, and nothing trains."""
        loops = [each for each in ancestors(forward.event) if isinstance(each, Loop)]
        if forward.by_method or not loops or _learns(loops[0]):
            return None
        if any(not _learns(each) and not _goes_through_data(each) for each in loops[1:]):
            return None
        loop = loops[0]
        return loop if role_of_loop(self.script, self.roles, loop, forward.without_grad) is Role.EVALUATION else None

    def _goes_on(self, model: Group, look: Loop, ways: list[Modes]) -> bool:
        """Whether the model would be trained in evaluation mode, were the loop to switch to it."""
        supposed = [Modes(model, way.root, look.node) for way in ways]
        return any(SUPPOSED in each.states and _trains_by(each) for way in supposed for each in way.forwards.values())

    # -- training in evaluation mode -------------------------------------------------------------------------------

    def stuck(self) -> Iterator[Stuck]:
        """Training that goes on in the mode that an evaluation of the same model has left behind."""
        if self.silent or not any(_switched_off(each) for each in self.script.run.roots):
            return
        if "optim" not in self.script.lowered and not self.script.updates:
            return  # gradients are looked at, as by Grad-CAM, and nothing is trained
        seen: set[ast.AST] = set()
        for model in self._followed:
            for way in self._ways(model) if _minds(model) is not False else ():
                for forward in way.forwards.values():
                    found = self._stuck(model, way, forward)
                    if found is not None and found.switch.node not in seen:
                        seen.add(found.switch.node)
                        yield found

    def _stuck(self, model: Group, way: Modes, forward: Forward) -> Stuck | None:
        node = forward.event.node
        if not _trains_by(forward) or not isinstance(node, ast.Call):
            return None
        for switch in (each for each in forward.states if isinstance(each, Event)):
            loop = next((x for x in ancestors(forward.event) if isinstance(x, Loop) and within(switch, x)), None)
            if loop is None or not loop.repeats or not _learns_alone(loop, model):
                continue
            if any(each.subject in model for each in events(loop, EventKind.MAKE)):
                continue  # each round has a model of its own, made under whatever condition
            if all(isinstance(each, Event) for each in forward.states) and not all(
                within(each, loop) or each.node is switch.node or _looked_before(each, way, loop)
                for each in forward.states
                if isinstance(each, Event)
            ):
                continue  # it was in evaluation mode before the loop began: that is wanted
            if any(each.detail != "eval" and touches(each, model) != "no" for each in events(loop, EventKind.MODE)):
                continue
            order = {id(each): number for number, each in enumerate(events(loop))}
            in_phases = _in_phases(switch, forward.event, loop, model)
            looks = in_phases or any(_evaluates(each, switch, forward, order) for each in way.forwards.values())
            # what is out of sight may mind the mode; embeddings and the like, with methods for everything, seldom do
            minds = _minds(model)
            if looks and (minds or (minds is None and (forward.handed or not forward.by_method))):
                written = switch.node.func if forward.handed and isinstance(switch.node, ast.Call) else node.func
                called = written.value if forward.handed and isinstance(written, ast.Attribute) else written
                return Stuck(forward.event, loop, switch, _model(called), in_phases)
        return None


def _told_to_train(loop: Loop, model: Group) -> bool:
    """Whether the loop itself switches the model to training."""
    return any(each.detail != "eval" and touches(each, model) != "no" for each in events(loop, EventKind.MODE))


def _model(called: ast.expr) -> ast.expr:
    """The model whose call is written `net(x)` or `net.forward(x)`."""
    return called.value if isinstance(called, ast.Attribute) and called.attr == "forward" else called


def _evaluates(look: Forward, switch: Event, training: Forward, order: dict[int, int]) -> bool:
    """Whether the model is called between `switch` and the next training, and only in evaluation mode there."""
    if switch not in look.states or not all(isinstance(each, Event) for each in look.states):
        return False
    inner = next(each for each in ancestors(training.event) if isinstance(each, Loop))
    if within(look.event, inner) and not within(switch, inner) and _trains_by(look):
        return False  # it is called twice for each step, in the mode that was chosen for training
    at = [order.get(id(each), -1) for each in (switch, look.event, training.event)]
    return min(at) >= 0 and look.event is not training.event and not at[0] < at[2] < at[1]


def _looked_before(switch: Event, way: Modes, loop: Loop) -> bool:
    """Whether the model was evaluated between that switch and the loop, before any training."""
    return any(
        each.states == {switch} and each.without_grad and not within(each.event, loop) for each in way.forwards.values()
    )


def _in_phases(switch: Event, training: Event, loop: Loop, model: Group) -> bool:
    """Whether one call does both in turn, by a test: one of its arms switches to evaluation, the other goes backward.

    The epochs go round that loop, and nothing in them switches back.
    """
    epochs = [each for each in ancestors(loop) if isinstance(each, Loop) and each.repeats]
    if not epochs or any(
        each.detail != "eval" and touches(each, model) != "no" for each in events(epochs[-1], EventKind.MODE)
    ):
        return False
    if any(each.subject in model for each in events(epochs[0], EventKind.MAKE)):
        return False  # each round has a model of its own
    tests = dict(conditions(switch, loop))
    own = dict(conditions(training, loop))
    return any(
        test in tests and tests[test] != arm and test not in own
        for backward in events(loop, EventKind.BACKWARD)
        for test, arm in conditions(backward, loop)
    )


def _is_told_to_train(model: Group, way: Modes) -> bool:
    """Whether the program trains the model in a loop of its own, and calls its `train()` in the epochs of that."""
    told = [
        each
        for each in events(way.root, EventKind.MODE)
        if each.detail == "train" and touches(each, model) == "is" and any(isinstance(x, Loop) for x in ancestors(each))
    ]
    return bool(told) and any(_trains_by(each) for each in way.forwards.values())


def _trains_by(forward: Forward) -> bool:
    """Whether a call of a model is one of a loop that trains."""
    loop = next((each for each in ancestors(forward.event) if isinstance(each, Loop)), None)
    learns = loop is not None and any(True for _ in events(loop, EventKind.BACKWARD, EventKind.STEP))
    return learns and not forward.without_grad


def _switched_off(root: Block) -> bool:
    return any(each.detail == "eval" for each in events(root, EventKind.MODE))


def _learns(loop: Loop) -> bool:
    """Whether a loop trains something, or hands an optimizer to code out of sight."""
    return any(
        each.kind is not EventKind.ESCAPE or _is_optimizer(each.subject)
        for each in events(loop, EventKind.BACKWARD, EventKind.STEP, EventKind.CLEAR, EventKind.ESCAPE)
    )


def _is_optimizer(subject: Value | None) -> bool:
    return subject is not None and kind(subject) is Kind.OPTIMIZER


def _goes_through_data(loop: Loop) -> bool:
    """Whether a loop goes through several sets of data, not through the rounds of an average or an ensemble."""
    drawn = getattr(loop.node, "iter", None)
    if isinstance(drawn, ast.Call) and isinstance(drawn.func, ast.Attribute):
        return drawn.func.attr in ("items", "values") and not drawn.args
    return isinstance(drawn, ast.List | ast.Tuple) or (
        isinstance(drawn, ast.Call) and isinstance(drawn.func, ast.Name) and drawn.func.id == "zip"
    )


def _learns_alone(loop: Loop, model: Group) -> bool:
    """Whether what steps in the loop may train this model."""
    steps = [one for each in events(loop, EventKind.STEP) for one in options(each.subject or Value())]
    if not steps:
        return True  # somebody else may step
    if any(group_of(one) & model for each in steps for one in trained(each)):
        return True
    return any(share_parameters(trained(each), list(model)) for each in steps)


def _minds(model: Group) -> bool | None:
    """Whether the mode makes a difference to the model, or to one of those it may be; None: that is out of sight."""
    answers = {depends_on_mode(each) for each in model}
    return True if True in answers else None if None in answers else False


def _own_switches(model: Value) -> bool:
    """Whether a model has its own idea of its mode: methods `train` and `eval`, or a mode set by hand."""
    kept = model.attributes.get("training")
    if kept is not None and not (isinstance(kept, Part) and kept.how == "attribute"):
        return True
    return isinstance(model, Made) and model.cls is not None and any(model.cls.find(x) for x in ("train", "eval"))
