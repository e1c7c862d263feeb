"""Who may use gradients: steps, code that reads `.grad`, code out of sight that was handed a model or an optimizer."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator

from fixer.facts.loops.relations import holds, may_act_on, named_apart, of_lightning, share_parameters, trained
from fixer.facts.program.expressions import GRADIENTS
from fixer.facts.program.kinds import Kind, kind, name_of
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Event, EventKind, Inlined, Loop, Node, events, nodes
from fixer.facts.program.values import Class, Function, Imported, Literal, Made, Part, Value, options
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

# Calls of these names may make a step, or hand the moment to somebody who does.
_MAY_STEP = re.compile(
    r"(^|_)step$|(^|_)step_|optimi[sz]e|minimi[sz]e|^apply_|callback|hook|(^|_)(on|after|before|post|pre)_|fire|trigger|"
    r"dispatch|emit|notify|(^|_)(train|fit|learn)(_|$)|update_?(weight|param|model|net|master)",
    re.IGNORECASE,
)
# Calls of these names show what they are given, or ask whether it is finite, or how large.
_SHOWS = re.compile(r"histo(gram)?(_|$)|summary|^add_scalar|^print$|^is_?(inf|nan|finite)$|^norm$", re.IGNORECASE)
# What steps along with the training loop, and is no optimizer.
_STEPS_OTHERWISE = re.compile(
    r"env|game|gym|sim(ulat|$)|world|prof|progress|bar$|timer|logger|tracker|meter|sched|writer|ema", re.IGNORECASE
)
# Calls of these names that are handed a model may look at its gradients, or take them elsewhere.
_MAY_READ = re.compile(
    r"grad(?!_mode|_enabled)|hess|fisher|sync|gather|reduce|average|avg|share|push|send|collect|salien|inspect|analy|prune|"
    r"influence|record|sensitiv|attrib|explain|cam$",
    re.IGNORECASE,
)
_MEASURES = re.compile(r"clip|norm$")
AVERAGES = re.compile(
    r"(avg|average|mean|reduce|sync(hroni[sz]e)?)_?grad|grad(ient)?s?_?(avg|average|all_?reduce|sync)", re.IGNORECASE
)
"""Functions of these names make the gradients of all processes the same, and leave them where they are."""
_SCHEDULING_LIBRARIES = ("torch.", "transformers.", "timm.", "diffusers.", "pl_bolts.")
_STEPS_BY_ITSELF = re.compile(r"step(?!_?(pre_|post_)?hook)|update(?!_master)|apply|minimi[sz]e|closure", re.IGNORECASE)
"""Methods of optimizers that step, or may, beside `step` itself."""


def may_be(value: Value, optimizer: Value) -> bool:
    """Whether a step of `value` may be a step of `optimizer`, going by what is known of the two objects."""
    return any(_may_be(one, other) for one in options(value) for other in options(optimizer))


def _may_be(one: Value, other: Value) -> bool:
    if isinstance(one, Made) and isinstance(other, Made):
        # two that one call makes: a method may be seen to run on another instance than the program's
        return one is other or one.node is other.node or holds(one, other)
    module, another = of_lightning(one), of_lightning(other)
    if module is not None and another is not None and not _related(module, another):
        return False
    return one is other or not named_apart(one, other)


def _related(one: Made, other: Made) -> bool:
    """Whether two objects may be one: the same class, or one a kind of the other."""
    classes = [list(each.cls.mro()) if each.cls is not None else [] for each in (one, other)]
    return any(classes[0][:1] == [each] for each in classes[1]) or any(classes[1][:1] == [each] for each in classes[0])


def other_objects(value: Value, optimizer: Value) -> bool:
    """Whether two optimizers of one run are different objects for certain."""
    pairs = [(one, other) for one in objects(value) for other in objects(optimizer)]
    return all(isinstance(one, Made) and isinstance(other, Made) and not holds(one, other) for one, other in pairs)


def certain_objects(optimizer: Value) -> bool:
    """Whether the file makes the optimizer itself, so that all that is done to it is in sight; or Lightning's trainer,

    which leaves it to the module's own methods.
    """
    return all(isinstance(one, Made) or of_lightning(one) is not None for one in objects(optimizer))


def objects(optimizer: Value) -> list[Value]:
    """What an optimizer may be, `None` aside."""
    return [one for one in options(optimizer) if not isinstance(one, Literal)]


def plainly_used(optimizer: Value) -> bool:
    """Whether nothing is done with it that may step in another way than `step()`."""
    return not any(
        needs_closure(one) or any(each != "step" and _STEPS_BY_ITSELF.search(each) for each in one.uses)
        for one in objects(optimizer)
    )


def needs_closure(optimizer: Value) -> bool:
    return isinstance(optimizer, Made) and (optimizer.dotted or "").endswith("LBFGS")


def disjoint(left: Value, right: Value) -> bool:
    """Whether two optimizers are known to train different parameters. Those of one LightningModule do."""
    if of_lightning(left) is not None and of_lightning(left) is of_lightning(right) and not may_be(left, right):
        return True
    pairs = [(trained(one), trained(other)) for one in objects(left) for other in objects(right)]
    return all(one and other and not share_parameters(one, other) for one, other in pairs)


def known_to_share(left: Value, right: Value) -> bool:
    """Whether two optimizers are known to train some of the same parameters."""
    pairs = [(trained(one), trained(other)) for one in objects(left) for other in objects(right)]
    return any(one and other and share_parameters(one, other) for one, other in pairs)


def same_objects(left: Value | None, right: Value) -> bool:
    return left is not None and {id(each) for each in objects(left)} == {id(each) for each in objects(right)}


def read_in(region: Loop | Inlined, uses: Callable[[ast.AST], bool] | None = None) -> bool:
    """Whether the code of a region, or of a function that it calls, reads or writes gradients itself."""
    trees: list[ast.AST] = [region.node if isinstance(region, Loop) else _definition(region)]
    called = (each for each in nodes(region) if isinstance(each, Inlined))
    if uses is takes_gradients:
        called = (each for each in called if not _averages(each.call))
    trees += map(_definition, called)
    return any(map(uses or reads_gradients, trees))


def _averages(call: ast.AST) -> bool:
    """`average_gradients(model)`: what is averaged over processes can only go back to where it came from."""
    match call:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[_], keywords=[]):
            return bool(AVERAGES.search(name))
    return False


def reads_gradients(tree: ast.AST) -> bool:
    return any(_reads_gradient(node) for node in walk(tree))


def changes_gradients(tree: ast.AST) -> bool:
    """Whether gradients are used in another way than to be shown or asserted."""
    return _used(tree, lambda node: isinstance(node, ast.Assert) or _shows(node))


def takes_gradients(tree: ast.AST) -> bool:
    """Whether gradients are used in another way than to be shown, or scaled where they are."""
    return _used(tree, lambda node: _shows(node) or _scales(node))


def _scales(node: ast.AST) -> bool:
    """`p.grad.mul_(x)`, `p.grad /= n`, `p.grad = p.grad / n`: gradients that stay in their place, for whoever steps."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=held, attr=name), args=given)) if name.endswith("_"):
            return _is_gradient(held) and not any(map(reads_gradients, given))
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="all_reduce"), args=[held, *_])):
            return _is_gradient(held)  # summed over processes
        case ast.AugAssign(target=held, value=given):
            return _is_gradient(held) and not reads_gradients(given)
        case ast.Assign(targets=[held], value=ast.BinOp(left=left, right=right)) if _is_gradient(held):
            return ast.unparse(left) == ast.unparse(held) and not reads_gradients(right)
    return False


def _is_gradient(node: ast.expr) -> bool:
    """`p.grad`, `p.grad.data`."""
    match node:
        case ast.Attribute(value=inner, attr="data"):
            return _is_gradient(inner)
        case ast.Attribute(attr=attr):
            return attr in GRADIENTS
    return False


def _used(tree: ast.AST, harmless: Callable[[ast.AST], bool]) -> bool:
    reads = [node for node in walk(tree) if _reads_gradient(node)]
    if not reads:
        return False
    inside = {id(each) for node in walk(tree) if harmless(node) for each in walk(node)}
    return any(id(node) not in inside for node in reads)


def _shows(node: ast.AST) -> bool:
    match node:
        case ast.Compare(ops=[ast.Is() | ast.IsNot()]):
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return bool(_SHOWS.search(name))
    return False


def _definition(inlined: Inlined) -> ast.AST:
    return inlined.function.function or inlined.call


def _reads_gradient(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="autograd") | ast.Attribute(attr="autograd"), attr="grad"):
            return False
        case ast.Attribute(attr=attr):
            return attr in GRADIENTS or attr in ("grad_sample", "register_hook", "retain_grad")
    return False


def used_out_of_sight(script: Script, region: Loop | Inlined, backward: Event, clear: Event) -> bool:
    """Whether any call of the region may make the step, or use the gradients, where the file does not show it."""
    optimizer = clear.subject
    assert optimizer is not None
    there = False
    for event in events(region, EventKind.ESCAPE, EventKind.BACKWARD, EventKind.CLEAR):
        # a model has gradients to be used only from its backward call to the next clear
        there = event is not clear and (there or event is backward)
        if event.kind is EventKind.ESCAPE and (
            _has(event, optimizer) if not there else may_act_on(event, optimizer) or _takes_gradients(event, optimizer)
        ):
            return True
    understood = {
        id(each.node)
        for each in events(region, EventKind.STEP, EventKind.BACKWARD, EventKind.CLEAR, EventKind.CLIP, EventKind.MODE)
    }
    module = of_lightning(optimizer)
    return any(
        id(call.node) not in understood and _may_step(call) and not _gives_loss(script, call, module)
        for call in _calls(script, region)
    )


def _gives_loss(script: Script, call: Call, module: Made | None) -> bool:
    """`loss = self.step(batch)` in a LightningModule: what it gives is wanted, and the optimizers are elsewhere."""
    own = isinstance(call.callee, Part) and module is not None and call.callee.base is module
    return own and not isinstance(script.parents[call.node], ast.Expr)


def _has(event: Event, optimizer: Value) -> bool:
    """Whether an ESCAPE hands out the optimizer itself."""
    if event.subject is None or not may_act_on(event, optimizer):
        return False
    return any(holds(event.subject, one) for one in objects(optimizer))


def _takes_gradients(event: Event, optimizer: Value) -> bool:
    subject = event.subject
    if subject is None or not _MAY_READ.search(event.detail) or _MEASURES.search(event.detail) or _averages(event.node):
        return False
    models = [each for one in objects(optimizer) for each in trained(one)]
    return kind(subject) is Kind.MODULE and share_parameters([subject], models)


def _calls(script: Script, region: Node) -> Iterator[Call]:
    own = {id(each) for each in events(region, EventKind.CALL)}
    return (call for call in script.run.calls if id(call.event) in own)


def _may_step(call: Call) -> bool:
    callee = call.callee
    if isinstance(callee, Function | Class):
        return False  # followed
    name = call.node.func.attr if isinstance(call.node.func, ast.Attribute) else name_of(callee)
    if isinstance(callee, Imported):
        return bool(re.search(r"step", callee.dotted.rpartition(".")[2])) and not callee.dotted.startswith("torch.")
    if not _MAY_STEP.search(name) or name == "training_step":  # Lightning's gives the loss
        return False
    if steps_otherwise(call.node):
        return False
    return not isinstance(callee, Part) or not any(_steps_otherwise(base, name) for base in options(callee.base))


def steps_otherwise(node: ast.AST) -> bool:
    """Whether it is a call of a method of what, by its name, steps along with the training and is no optimizer."""
    match node:
        case ast.Call(func=ast.Attribute(value=receiver)):
            return bool(_STEPS_OTHERWISE.search(_last_name(receiver)))
    return False


def _last_name(node: ast.expr) -> str:
    """`env` in `self.env`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _steps_otherwise(base: Value, method: str) -> bool:
    if isinstance(base, Made) and kind(base) is Kind.SCHEDULER:
        return base.dotted is None or base.dotted.startswith(_SCHEDULING_LIBRARIES)
    if kind(base) is Kind.MODULE:
        return "step" not in method  # engines wrap model and optimizer
    if isinstance(base, Made) and base.dotted is not None:
        return True  # what it was given has been handed over in sight
    return kind(base) is Kind.SCHEDULER or bool(_STEPS_OTHERWISE.search(name_of(base)))


def escapes_anywhere(roots: Iterable[Node], optimizer: Value) -> bool:
    """Whether the optimizer, or what its gradients may be taken from, is handed to code out of sight at any time."""
    return any(
        (_has(event, optimizer) or _takes_gradients(event, optimizer)) and not _gives_back(event)
        for root in roots
        for event in events(root, EventKind.ESCAPE)
    )


def _gives_back(event: Event) -> bool:
    """`accelerator.prepare(model, optimizer)` returns what it was given, and steps nothing."""
    return event.detail in ("prepare", "setup", "setup_optimizers")
