"""saturating-activation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fixer import Finding, Fix, LossEffect, Safety, replace, rule
from fixer.edits import Edit
from fixer.facts.modules.stack_flow import stacks
from fixer.facts.modules.stacks import Role, Stack, Step, names_of
from fixer.facts.places.spelling import beside
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_ON_PURPOSE = re.compile(
    r"gate|gating|atten|squeeze|excit|(^|_)se(_|$|layer|block)|pinn|physics|implicit|neural_?ode|siren|coord|sdf|nerf|"
    r"smooth|monoton|rbm|dbn|boltzmann|belief|hopfield|sigm|logistic|xor|hash|spik|saturat|vanish",
    re.IGNORECASE,
)
"""Names of networks whose sigmoids are a part of the idea."""
_BOUNDED = re.compile(r"encod|decod|vae|(^|_)ae(_|$)|(^|_)gan|generator|discrim", re.IGNORECASE)
"""Names of networks that often have a sigmoid or two, for codes and pixels between 0 and 1."""
_CARED_FOR = re.compile(
    r"calculate_gain|(xavier|glorot)\w*\([^()]*(\([^()]*\))?[^()]*, *(gain *=|[\d.])|nonlinearity=.sigmoid|vanish|lsuv",
    re.IGNORECASE,
)
_GLOROT = re.compile(r"xavier|glorot", re.IGNORECASE)
"""Each sigmoid then leaves a quarter of the gradient: with two of them a network learns well enough."""
_LOADED = re.compile(r"load_state_dict|torch\.load\(|from_pretrained")
_NARROW = 8
_ELEMENTWISE = ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")


@rule(
    "saturating-activation",
    needs=("torch", "Sigmoid|sigmoid"),
    safety=Safety.UNSAFE,
    symptom="vanishing-gradients",
    loss=LossEffect.LOWER,
)
def saturating_activation(script: Script) -> Iterator[Finding]:
    """Sigmoids between the layers of a network let little of the gradient through to the first ones.

    ## What it does
    Follows the data through `nn.Sequential` displays and the `forward` methods of the file. Reports a stack of linear
    or convolutional layers with two or more sigmoids one behind the other, each between two such layers. Counts a
    sigmoid behind the last layer, too, where every loss of the file compares its output as it is (MSE, L1, Huber): a
    cross-entropy undoes that sigmoid in the gradient, these do not.

    ## Why is this bad?
    The slope of a sigmoid is 1/4 at most, and next to nothing where it saturates. Under PyTorch's default
    initialisation each one leaves about a seventh of the gradient, so that behind three or four of them the first
    layers hardly learn. With two the network trains, slower than with ReLU; the run tells.

    ## What is left alone
    Gates and attention (the result is multiplied), sigmoids whose result is returned or used by anything but a layer,
    layers normalised before the sigmoid or behind it, ways around it (residual connections), hidden layers of fewer
    than 8 units, networks initialised for it (by a gain of their own; with plain `xavier_*` up to two sigmoids), an
    activation chosen by an argument, networks that their names tell to be Boltzmann machines, physics-informed or
    implicit functions, autoencoders and GANs with no more than two of them in a row, and programs that show vanishing
    gradients on purpose or compare networks of the same layers with other activations. Files that load weights and do
    not train: for another activation these would be wrong. Tanh is never reported: under the default initialisation it
    keeps more of the gradient than ReLU.

    ## Fix
    ReLU in place of the hidden sigmoids, written as the file writes such things. The output's activation stays as it
    is: what comes out of the network keeps its meaning.

    ## References
    - [torch.nn.ReLU](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html)
    - X. Glorot, Y. Bengio: [Understanding the difficulty of training deep feedforward neural
      networks](https://proceedings.mlr.press/v9/glorot10a.html), 2010
    """
    if _CARED_FOR.search(script.text) or (_LOADED.search(script.text) and not _trains(script)):
        return
    reported: set[int] = set()
    glorot = _GLOROT.search(script.text) is not None
    every = stacks(script)
    found = [(stack, _hidden(script, stack)) for stack in every if not _has_twin(stack, every)]
    for stack, hidden in sorted(found, key=lambda each: -len(each[1])):
        places = [place for step in hidden if (place := _place(stack, hidden, step)) is not None]
        if not hidden or len(places) < len(hidden) or reported & {id(place) for place in places}:
            continue
        depth = max(_depth(step) for step in hidden)
        shallow = depth == 1 and len(hidden) == 1 and _ends_in_sigmoid(script, hidden[0])
        if glorot and depth < 3:
            continue
        if (depth >= 2 or shallow) and not _meant(script, stack, hidden, depth):
            reported |= {id(place) for place in places}
            first = min(places, key=lambda node: (node.lineno, node.col_offset))
            yield Finding(first, _message(depth), _to_relu(script, stack, hidden))


def _trains(script: Script) -> bool:
    """Whether the file trains, or makes the optimizer for somebody who does."""
    return bool(script.updates) or any(kind(each) is Kind.OPTIMIZER for each in script.run.objects)


def _message(depth: int) -> str:
    if depth >= 2:
        return f"{depth} hidden layers in a row end in a sigmoid: little of the gradient reaches the first ones"
    return "the gradient passes two sigmoids, the hidden and the output's: little of it reaches the first layer"


# -- which sigmoids ----------------------------------------------------------------------------------------------------


def _hidden(script: Script, stack: Stack) -> list[Step]:
    """The sigmoids whose input comes straight from a layer and whose result only goes into layers."""
    return [step for step in stack.of(Role.ACTIVATION) if _is_hidden(step) and _spelled(script, step)]


def _is_hidden(step: Step) -> bool:
    return step.name == "sigmoid" and _from_layer(step) and _only_into_layers(step)


def _spelled(script: Script, step: Step) -> bool:
    """Whether the file says that this is a sigmoid where it stands: not a class given as an argument."""
    made = step.layer.node if step.layer is not None else None
    return step.layer is None or (isinstance(made, ast.Call) and script.names.dotted(made.func) == "torch.nn.Sigmoid")


def _has_twin(stack: Stack, every: list[Stack]) -> bool:
    """Whether the file has the same layers with other activations, in another network or in another branch."""
    layers = stack.of(Role.WEIGHT)
    if len({id(step.layer) for step in layers}) < len(layers) and stack.of(Role.OTHER):
        return True
    ours = _activations(stack)
    return any(_sizes(other) == _sizes(stack) and _activations(other) != ours for other in every if other is not stack)


def _sizes(stack: Stack) -> list[tuple[str, int | None, int | None]]:
    return [(step.name, step.fan_in, step.width) for step in stack.of(Role.WEIGHT)]


def _activations(stack: Stack) -> list[str]:
    return [step.name for step in stack.of(Role.ACTIVATION)]


def _from_layer(step: Step) -> bool:
    source = step.source()
    if source is None or source.role is not Role.WEIGHT:
        return False
    users = [user for user in source.destinations() if user is None or user.role is not Role.KEEPS]
    return users == [step] and (source.width is None or source.width >= _NARROW)


def _only_into_layers(step: Step) -> bool:
    users = list(step.destinations())
    return bool(users) and all(user is not None and user.role is Role.WEIGHT for user in users)


def _depth(step: Step) -> int:
    """How many hidden sigmoids in a row the data has passed where this one's result goes into a layer.

    Others on the way are not counted. A norm ends the row: what it divides the data by, it multiplies the gradient
    with.
    """
    return min((_passed(user.sources()) for user in step.destinations() if user is not None), default=0)


def _passed(steps: list[Step]) -> int:
    """On the way with the fewest of them: data put together from several ways goes on each."""
    ways = []
    for at in steps:
        known = at.role in (Role.WEIGHT, Role.ACTIVATION)
        ways.append(_is_hidden(at) + _passed(at.sources()) if known else 0)
    return min(ways, default=0)


def _ends_in_sigmoid(script: Script, hidden: Step) -> bool:
    """Whether the layer behind the only hidden sigmoid ends in one that the loss does not undo, and maps to less."""
    (layer, *others) = hidden.destinations()
    first = hidden.source()
    if layer is None or others or first is None:
        return False
    ends = list(layer.destinations())
    last = ends[0] if len(ends) == 1 else None
    if last is None or last.name != "sigmoid" or list(last.destinations()) != [None]:
        return False
    inputs, outputs = first.fan_in, layer.width
    return inputs is not None and outputs is not None and inputs > outputs and _compares_as_it_is(script)


def _compares_as_it_is(script: Script) -> bool:
    made = [each.dotted or "" for each in script.run.objects if (each.dotted or "").startswith("torch.nn.")]
    losses = {each.rpartition(".")[2] for each in made if each.endswith("Loss")}
    functions = [call.dotted or "" for call in script.run.calls]
    losses |= {each.rpartition(".")[2] for each in functions if _is_loss_function(each)}
    return bool(losses) and losses <= set(_ELEMENTWISE)


def _is_loss_function(dotted: str) -> bool:
    last = dotted.rpartition(".")[2]
    return dotted.startswith("torch.nn.functional.") and ("loss" in last or "entropy" in last)


def _meant(script: Script, stack: Stack, hidden: list[Step], depth: int) -> bool:
    names = [_words(name) for name in names_of(script, stack, hidden)]
    few = depth < 3 or any(_is_code(stack, step) for step in hidden)
    return any(_ON_PURPOSE.search(name) or (few and _BOUNDED.search(name)) for name in names)


def _is_code(stack: Stack, step: Step) -> bool:
    """Whether what comes out is the code of an autoencoder, narrower than all before and behind it: it is bounded on
    purpose, and so are the layers beside it."""
    source, sizes = step.source(), [layer.width for layer in stack.of(Role.WEIGHT)]
    if source is None or source.width is None or source not in (layers := stack.of(Role.WEIGHT)):
        return False
    width, at = source.width, layers.index(source)
    others = [*sizes[:at], *sizes[at + 1 :]]
    return 0 < at < len(sizes) - 1 and all(each is not None and each > width for each in others)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)


# -- the mend ----------------------------------------------------------------------------------------------------------


def _place(stack: Stack, hidden: list[Step], step: Step) -> ast.Call | None:
    """Where the sigmoid is written: the call of the function, or of the class that makes the layer; for a layer that
    the output uses, too, the call of the layer."""
    node = step.node if step.layer is None or _shared(stack, hidden, step) else step.layer.node
    return node if isinstance(node, ast.Call) else None


def _shared(stack: Stack, hidden: list[Step], step: Step) -> bool:
    return any(other.layer is step.layer and other not in hidden for other in stack.steps)


def _to_relu(script: Script, stack: Stack, hidden: list[Step]) -> Fix | None:
    edits: dict[Edit, None] = {}
    for step in hidden:
        node = _place(stack, hidden, step)
        made = step.layer is not None and node is step.layer.node
        found = None
        if node is not None:
            found = _made_otherwise(script, node) if made else _called_otherwise(script, node, step)
        if found is None:
            return None
        edits |= dict.fromkeys(found)
    return Fix("Use ReLU between the layers", tuple(edits))


def _called_otherwise(script: Script, node: ast.Call, step: Step) -> tuple[Edit, ...] | None:
    """`torch.relu(...)` for `torch.sigmoid(...)`, and what the file can write for `self.act(...)`."""
    func = node.func
    dotted = script.names.dotted(func)
    if dotted is not None:
        module = dotted.rpartition(".")[0]
        known = f"{module}.relu" if module in ("torch", "torch.nn.functional") else "torch.relu"
        written = beside(script, func, known)
        return (replace(func, written.code), *written.imports) if written else None
    if isinstance(func, ast.Attribute) and func.attr == "sigmoid" and len(node.args) == 0:
        nested = any(isinstance(each, ast.Attribute) and each.attr == "sigmoid" for each in walk(func.value))
        return None if nested else (replace(func, f"{script.source(func.value)}.relu"),)
    code = _relu_function(script, step)
    return (replace(func, code),) if code and len(node.args) == 1 else None


def _relu_function(script: Script, step: Step) -> str | None:
    """How the file can write the function: with its imports, else beside the `nn` of the class that made the layer."""
    spelled = [script.names.spelling(each) for each in ("torch.relu", "torch.nn.functional.relu")]
    made = step.layer.node if step.layer is not None else None
    if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute):
        spelled.append(f"{script.source(made.func.value)}.functional.relu")
    return next((each for each in spelled if each is not None), None)


def _made_otherwise(script: Script, node: ast.Call) -> tuple[Edit, ...] | None:
    """`nn.ReLU()` for `nn.Sigmoid()`; an attribute that is called after the sigmoid gets another name."""
    if script.names.dotted(node.func) != "torch.nn.Sigmoid" or node.args or node.keywords:
        return None
    written = beside(script, node.func, "torch.nn.ReLU")
    if written is None:
        return None
    return (replace(node.func, written.code), *written.imports, *_renamed(script, node))


def _renamed(script: Script, node: ast.Call) -> tuple[Edit, ...]:
    statement = script.statement_of(node)
    target = statement.targets[0] if isinstance(statement, ast.Assign) and statement.value is node else None
    if not isinstance(target, ast.Attribute) or "sig" not in target.attr:
        return ()
    wanted = re.sub(r"sig(m(oid)?)?", "relu", target.attr)
    uses = [each for each in walk(script.tree) if isinstance(each, ast.Attribute) and each.attr == target.attr]
    ours = all(isinstance(each.value, ast.Name) and each.value.id == "self" for each in uses)
    same_class = len({id(script.class_of(each)) for each in uses}) == 1
    taken = any(isinstance(each, ast.Attribute) and each.attr == wanted for each in walk(script.tree))
    if not ours or not same_class or taken or f'"{target.attr}' in script.text or f"'{target.attr}" in script.text:
        return ()
    return tuple(replace(each, f"self.{wanted}") for each in uses)
