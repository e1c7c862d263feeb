"""The rule `missing-flatten`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fixer import Finding, Fix, Safety, insert_before, insert_element, replace, rule, wrap
from fixer.facts.modules.feature_maps import goes_in_whole
from fixer.facts.modules.forwards import LayerCall
from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.modules.layers import Asks, name_of, whole_of
from fixer.facts.places.spelling import Spelling, beside
from fixer.facts.program.walk import lines_of, walk
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.array_kinds import Maps

if TYPE_CHECKING:
    from fixer.edits import Edit
    from fixer.facts.program.values import Made
    from fixer.facts.script import Script


@rule(
    "missing-flatten",
    needs=("torch", "Linear"),
    safety=Safety.SAFE,
    symptom="crash",
)
def missing_flatten(script: Script) -> Iterator[Finding]:
    """Images, or what a convolution gives, go into a Linear layer without having been flattened.

    ## What it does
    Follows shapes from tensors, data sets, transforms and loaders through the model, and reports a `Linear` that is
    given a batch of images or feature maps whose last dimension is not its `in_features`. Where the file does not say
    how large the maps are, a `Linear` is reported behind pooling, and where its `in_features` are those of flattened
    maps: `64 * 7 * 7` behind a convolution that gives 64 channels.

    ## Why is this bad?
    `Linear` works on the last dimension, which is a row of pixels. Torch stops at the first batch: `mat1 and mat2
    shapes cannot be multiplied (1792x28 and 784x128)`.

    ## What is left alone
    A `Linear` whose `in_features` is the size of the last dimension, as in networks that keep the channels last;
    one that gives its output to layers for maps again; sequences; inputs of which the file does not determine the
    shape; layers behind a test in `forward`; layers that take something else of several dimensions in another place.

    ## Fix
    `torch.flatten(x, 1)` goes in front of the call, or `nn.Flatten()` in front of the layer in a `Sequential`: so the
    batch stays the first dimension, and neither the layer nor the data change. A layer that was made for the channels
    alone gets the mean over each channel, and that fix is unsafe: the author may have meant another pooling. So is
    flattening maps of unknown size.

    ## References
    - [torch.flatten](https://docs.pytorch.org/docs/stable/generated/torch.flatten.html)
    - [torch.nn.Flatten](https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html)
    """
    calls = layer_calls(script)
    reported: set[ast.AST] = set()
    for call in calls:
        if not _is_unflattened(call, calls) or not all(
            _agrees(each, calls) for each in calls if each.layer is call.layer
        ):
            continue
        node = call.constructor if call.container is not None and call.index > 0 else call.node
        if call.container is not None and call.index == 0:
            node = call.constructor
        if node is None or node in reported or not isinstance(node, ast.Call):
            continue
        reported.add(node)
        yield Finding(node, _message(call), _flatten(script, call, node))


def _is_unflattened(call: LayerCall, calls: list[LayerCall]) -> bool:
    misfit, known = call.misfit, call.input
    if call.certain and goes_in_whole(call, calls):
        return True
    if not call.certain or misfit is None or misfit.asks is not Asks.FEATURES or name_of(call.layer) != "Linear":
        return False
    shape = known.shape if known is not None else None
    if known is None or shape is None or len(shape) < 3:
        return False
    producer = (name_of(known.layer) or "") if known.layer is not None else ""
    if views.elements(shape[1:]) == misfit.wanted:
        return True
    if len(shape) == 3:
        return producer.startswith("Conv")
    return producer.startswith("Conv") or (known.layer is None and shape[1] in (1, 3))


def _agrees(call: LayerCall, calls: list[LayerCall]) -> bool:
    """Whether flattening does no harm in another place where the layer is applied."""
    if call.input is None or _is_unflattened(call, calls):
        return True
    if call.misfit is not None:
        return not call.certain
    shape = call.input.shape
    return not shape or len(shape) == 2 or shape[-1] is None


def _message(call: LayerCall) -> str:
    assert call.input is not None
    shape = ", ".join("n" if each is None else str(each) for each in call.input.shape or ())
    wanted = whole_of(call.layer.arguments, 0, "in_features")
    takes = "takes features" if wanted is None else f"takes {wanted} features"
    return f"this Linear {takes} and is given ({shape}), which has not been flattened"


def _flatten(script: Script, call: LayerCall, node: ast.Call) -> Fix | None:
    safety = Safety.SAFE if call.misfit is not None else Safety.UNSAFE
    if call.container is not None:
        return _in_sequential(script, call.container, node, safety)
    argument = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if argument is None or isinstance(argument, ast.Starred):
        return None
    assert call.input is not None and call.input.shape is not None
    shape, wanted = call.input.shape, whole_of(call.layer.arguments, 0, "in_features")
    pooled = call.input.maps is Maps.POOLING and None in shape[2:]
    if wanted is not None and shape[1] == wanted != views.elements(shape[1:]) and not pooled:
        dims = tuple(range(2, len(shape))) if len(shape) > 3 else 2
        return Fix(
            "Take the mean over each channel", (_applied(script, node, argument, f"{{}}.mean({dims})"),), Safety.UNSAFE
        )
    torch = script.names.spelling("torch.flatten")
    template = f"{torch}({{}}, 1)" if torch else "{}.flatten(1)"
    return Fix("Flatten what goes into the Linear", (_applied(script, node, argument, template),), safety)


def _applied(script: Script, node: ast.Call, argument: ast.expr, template: str) -> Edit:
    """On its own line where the statement goes on with the same name, else around the argument."""
    statement = script.statement_of(node)
    if isinstance(argument, ast.Name) and isinstance(statement, ast.Assign | ast.Return):
        names = [each for each in walk(statement) if isinstance(each, ast.Name) and each.id == argument.id]
        rebound = any(isinstance(each.ctx, ast.Store) for each in names)
        read = sum(isinstance(each.ctx, ast.Load) for each in names)
        inside = script.function_of(node)
        if read == 1 and inside is not None and (rebound or isinstance(statement, ast.Return)):
            return insert_before(statement, f"{argument.id} = {template.format(argument.id)}")
    return wrap(argument, template)


def _in_sequential(script: Script, container: Made, node: ast.Call, safety: Safety) -> Fix | None:
    """`nn.Flatten()` in front of the layer, and of what initialises it: `init(nn.Linear(8, 2))`."""
    layer = node
    while isinstance(outer := script.parents[node], ast.Call) and outer is not container.node and node in outer.args:
        node = outer
    name = beside(script, layer.func, "torch.nn.Flatten")
    if name is None:
        return None
    title = "Flatten what goes into the Linear"
    parent = script.parents[node]
    if isinstance(parent, ast.List):
        return Fix(title, (insert_element(parent, parent.elts.index(node), f"{name.code}()"), *name.imports), safety)
    if isinstance(parent, ast.Tuple) and isinstance(pairs := script.parents[parent], ast.List):
        pair = f'("{_free(pairs)}", {name.code}())'
        return Fix(title, (insert_element(pairs, pairs.elts.index(parent), pair), *name.imports), safety)
    if isinstance(parent, ast.Call) and node in parent.args:
        return Fix(title, (_in_call(script, parent, node, name), *name.imports), safety)
    return None


def _free(pairs: ast.List) -> str:
    """A name that no layer of an OrderedDict has."""
    taken = {each.value for each in walk(pairs) if isinstance(each, ast.Constant)}
    return next(name for name in ("flatten", *(f"flatten{number}" for number in range(2, 99))) if name not in taken)


def _in_call(script: Script, outer: ast.Call, node: ast.Call, name: Spelling) -> Edit:
    """One argument more, on a line of its own where the others have one."""
    text, part = script.source(outer), script.source(node)
    lines = lines_of(text)
    row = node.lineno - outer.lineno
    line = lines[row]
    start = outer.col_offset if row == 0 else 0
    column = len(line.encode()[: node.col_offset - start].decode())
    offset = sum(map(len, lines[:row])) + column
    assert text[offset:].startswith(part)
    before = line[:column]
    gap = "\n" + before if not before.strip() else " "
    first, *rest = lines_of(f"{text[:offset]}{name.code}(),{gap}{text[offset:]}")
    # the lines of a replacement are indented like the statement that it goes into
    margin = script.statement_of(outer).col_offset
    return replace(outer, first + "".join(each[min(margin, len(each) - len(each.lstrip())) :] for each in rest))
