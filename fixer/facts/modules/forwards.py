"""What the program's modules make of what they are given: layers, Sequentials, and `forward` methods of the file.

A `forward` is followed only when somebody asks, with the arguments of the call. Every application of a layer of
torch.nn on the way is a `LayerCall`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fixer.facts.modules.called import every_one, members_behind, members_of, module_of
from fixer.facts.modules.keeping import keeps_shape
from fixer.facts.modules.layers import Applied, Misfit, apply, name_of, whole_of
from fixer.facts.modules.module_lists import any_of, one_of
from fixer.facts.modules.stacks import is_convolution_of_library
from fixer.facts.program.following import Followed, follow, kept, stand_in
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Branch, ancestors
from fixer.facts.program.values import (
    Arguments,
    Choice,
    Class,
    Imported,
    Items,
    Made,
    Part,
    Unknown,
    Value,
    options,
)
from fixer.facts.program.walk import walk
from fixer.facts.tensors.array_kinds import Array, Library, Maps, agreed
from fixer.facts.tensors.sizes import whole

_DEEPEST = 12


@dataclass(frozen=True, eq=False)
class LayerCall:
    """One application of a layer of torch.nn."""

    layer: Made
    """`layer.node` is the call of the constructor; see also `constructor`."""
    node: ast.AST
    """The call that applies it; for a member of a Sequential, the call of the Sequential."""
    given: Value | None
    """The input as a value. None for a member of a Sequential that is not its first."""
    input: Array | None
    applied: Applied
    certain: bool
    """Whether the call is made whatever the input is; False under a test in `forward`, or where an error is awaited."""
    container: Made | None = None
    index: int = 0
    """Which member of the Sequential `container` it is."""
    module: Made | None = None
    """The object whose `forward` applies it."""
    shown: bool = False
    """It would be certain, but the program catches its error, and does nothing with that but print it."""
    idle: bool = False
    """The program throws the result away: `model(image)` as a statement of its own."""
    reached: bool = False
    """Like `certain`, but there may be tests of anything but types: doubles fail whenever the call is made."""

    @property
    def misfit(self) -> Misfit | None:
        return self.applied.misfit

    @property
    def output(self) -> Array | None:
        return self.applied.output

    @property
    def constructor(self) -> ast.Call | None:
        return self.layer.node if isinstance(self.layer.node, ast.Call) else None


# -- what calls give ---------------------------------------------------------------------------------------------------


def _argument(given: Arguments) -> Value | None:
    """The one thing that a layer is called with."""
    if not given.complete or not given.all():
        return None
    return given.positional[0] if given.positional else given.get(None, "input")


def result_of(call: Made) -> Value | Array | None:
    """What calling a module gives: a value to be looked at instead of the call, or the array itself."""
    module = module_of(call.callee)
    if module is None:
        return _of_each(call) or _of_any(call) or _kept(call.callee, _argument(call.arguments)) or _of_graph(call)
    if module.cls is not None:
        followed = forward_of(call)
        return followed.value if followed else None
    applied = _applied(module, Place(call), _argument(call.arguments)).last
    return _tuple(applied.parts) if applied.parts else applied.output


def _of_graph(call: Made) -> Array | None:
    """What a convolution over a graph gives, by a library's custom: `GCNConv(16, 32)(x, edge_index)`, `heads=8`."""
    layer, given = call.callee, call.arguments.positional
    if not isinstance(layer, Made) or not given or not is_convolution_of_library(layer):
        return None
    asked, made = layer.arguments, whole_of(layer.arguments, 1, "out_channels")
    home, _, name = (layer.dotted or "").rpartition(".")
    if made is None or len(asked.positional) > 2 or any(isinstance(each, Made) for each in asked.positional[:1]):
        return None
    heads = whole(asked.keywords["heads"]) if "heads" in asked.keywords else 1
    count = heads if heads == 1 or name.startswith(("GAT", "SuperGAT", "Transformer")) else None
    if count is None or asked.keywords.keys() & {"concat", "aggr"} or not home.startswith("torch_geometric.nn"):
        return None
    return Array(Library.TORCH, shape=(None, made * count), layer=layer)  # nodes and their features


def _kept(callee: Value, given: Value | None) -> Array | None:
    """What goes in, where a norm or an activation is called that is not known by more than its name."""
    from fixer.facts.tensors.arrays import array

    known = array(given) if given is not None and keeps_shape(callee) else None
    return replace(known, unit=False) if known is not None and known.library is Library.TORCH else None


def _of_each(call: Made) -> Array | None:
    """What the modules of a known list make of the same thing, as far as all make the same of it."""
    several = every_one(call.callee)
    if not several:
        return None
    from fixer.facts.tensors.arrays import array

    return agreed([array(_with(call, each)) for each in several])


def _with(call: Made, module: Made) -> Made:
    return Made(call.node, callee=module, arguments=call.arguments)


def _of_any(call: Made) -> Array | None:
    """What the module gives that a loop over a list of modules has at hand."""
    container = call.callee.base if isinstance(call.callee, Part) and call.callee.how == "element" else None
    return through(container, _argument(call.arguments), Place(call)) if isinstance(container, Made) else None


def _tuple(parts: tuple[Array | tuple[Array, ...], ...]) -> Items:
    return Items(items=[_tuple(each) if isinstance(each, tuple) else stand_in(each) for each in parts])


def forward_of(call: Made) -> Followed | None:
    """The `forward` of a module of this file, followed with the arguments of this call."""
    module = module_of(call.callee)
    if module is None or module.cls is None:
        return None
    made = module

    def run() -> Followed | None:
        from fixer.facts.tensors.arrays import array  # the two need each other

        followed = follow(made, "forward", call.arguments, call.node)
        for each in followed.calls if followed else ():
            array(each.result)  # in this order none of them has to go far back
        return followed

    return kept(call, "forward", run)


# -- layers, one after the other ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Place:
    """Where layers are applied."""

    call: Made
    owner: Made | None = None
    certain: bool = True
    depth: int = _DEEPEST
    awaited: bool = False
    """Whether an error of the call is expected, or would not show."""
    reached: bool = False

    @property
    def node(self) -> ast.AST:
        return self.call.node or ast.Pass()


@dataclass(frozen=True, eq=False)
class _Chain:
    """Layers applied one after the other, and what comes out behind the last."""

    last: Applied
    calls: tuple[LayerCall, ...] = ()


def _applied(module: Made, place: Place, given: Value | None) -> _Chain:
    """What a layer or a Sequential does with `given`."""
    from fixer.facts.tensors.arrays import array

    known = array(given) if given is not None else None
    if name_of(module) != "Sequential":
        applied = apply(module, known)
        record = LayerCall(module, place.node, given, known, applied, place.certain, module=place.owner)
        return _Chain(applied, (replace(record, reached=place.reached),))
    members = _members(module, place.call)
    if members is None and (several := one_of(module)) and place.depth > 0:
        ends = [_applied(each, replace(place, depth=place.depth - 1), given) for each in several]
        return _Chain(
            Applied(agreed([each.last.output for each in ends])), tuple(call for each in ends for call in each.calls)
        )
    if members is None and place.depth > 0 and (tail := members_behind(module)):
        members, known, given = tail, None, Unknown()
    if members is None or place.depth == 0:
        return _Chain(Applied(through(module, given, place)))
    last, records = Applied(known), list[LayerCall]()
    if not place.certain and not place.awaited and given is not None:
        # whatever goes in, and whichever way the program takes: what the layers make of each other is the same
        within = _applied(module, replace(place, certain=True), Unknown()).calls
        records += [each for each in within if each.input is not None]
    for index, member in enumerate(members):
        step = _step(member, place, given or stand_in(last.output), last.output, (module, index))
        last, given = step.last, None
        records += step.calls
    return _Chain(last, tuple(records))


def _members(container: Made, call: Made) -> list[Value] | None:
    """The modules of a container, but for those that were added after the call."""
    members = members_of(container)
    at_call = call.held if members is not None and module_of(call.callee) is container else None
    return members[:at_call] if members is not None and at_call is not None else members


_FOUR = Array(Library.TORCH, shape=(None,) * 4).as_maps(Maps.WINDOWS)


def through(container: Made, given: Value | None, place: Place) -> Array | None:
    """What comes out of modules of which order and number are not known, where each makes feature maps of such.

    One of them has to make feature maps of whatever it is given, if those that go in are not known to be some.
    """
    from fixer.facts.tensors.arrays import array

    several = any_of(container)
    if not several or place.depth == 0:
        return None
    outputs = [_step(each, place, stand_in(_FOUR), _FOUR, (container, 0)).last.output for each in several]
    if not all(each is not None and each.maps and each.rank == 4 for each in outputs):
        return None
    known = array(given) if given is not None else None
    if known is None or known.maps is None:
        alone = [_step(each, place, Unknown(), None, (container, 0)).last.output for each in several]
        if not any(each is not None and each.maps for each in alone):
            return None
    pooled = any(each is not None and each.maps is Maps.POOLING for each in outputs)
    return _FOUR.as_maps(Maps.POOLING if pooled else Maps.WINDOWS)


def _step(member: Value, place: Place, given: Value, known: Array | None, at: tuple[Made, int]) -> _Chain:
    """One member of a Sequential."""
    module = module_of(member)
    if module is None:
        kept = known is not None and known.library is Library.TORCH and keeps_shape(member)
        return _Chain(Applied(known if kept else None))
    call = Made(place.node, callee=module, arguments=Arguments([given]))
    deeper = replace(place, call=call, depth=place.depth - 1)
    if module.cls is not None:
        from fixer.facts.tensors.arrays import array

        return _Chain(Applied(array(call)), tuple(_inside(deeper)))
    if name_of(module) == "Sequential":
        return _applied(module, deeper, given)
    applied = apply(module, known)
    record = LayerCall(module, place.node, given, known, applied, place.certain, at[0], at[1], place.owner)
    return _Chain(applied, (replace(record, reached=place.reached),))


def _inside(place: Place) -> Iterator[LayerCall]:
    """The layers that the `forward` of a module of this file applies."""
    followed = forward_of(place.call) if place.depth > 0 else None
    for each in followed.calls if followed else ():
        certain = place.certain and not any(isinstance(node, Branch) for node in ancestors(each.event))
        owner = module_of(place.call.callee)
        for made in results_of(each):
            sure, reached = certain and made is each.result, place.reached and is_reached(each, made)
            yield from applications(Place(made, owner, sure, place.depth - 1, place.awaited, reached))


def results_of(call: Call) -> list[Made]:
    """The result of a call; the results, if it is one of several things that is called."""
    if isinstance(call.result, Made):
        return [call.result]
    if not isinstance(call.callee, Choice):
        return []
    return [each for each in options(call.result) if isinstance(each, Made) and each.node is call.node]


def applications(place: Place) -> Iterator[LayerCall]:
    """The layers that a call applies: itself, as part of a Sequential, or in the `forward` of a module of the file."""
    module = None if isinstance(place.call.callee, Imported | Class) else module_of(place.call.callee)
    if module is None:
        for each in every_one(place.call.callee):
            yield from applications(replace(place, call=_with(place.call, each)))
        return
    if module.cls is not None:
        yield from _inside(place)
    else:
        yield from _applied(module, place, _argument(place.call.arguments)).calls


_TYPE_WORDS = frozenset(
    {"dtype", "isinstance", "type", "is_tensor", "is_floating_point", "precision", "float64", "double"}
)


def is_reached(call: Call, made: Made) -> bool:
    """Whether nothing but tests of other things than types decides if the call is made."""
    tests = [node.node for node in ancestors(call.event) if isinstance(node, Branch)]
    return made in options(call.result) and all(
        isinstance(test, ast.If | ast.IfExp)
        and not any(getattr(each, "attr", getattr(each, "id", "")) in _TYPE_WORDS for each in walk(test.test))
        for test in tests
    )
