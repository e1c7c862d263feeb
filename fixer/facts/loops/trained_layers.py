"""How much an optimizer trains: how many layers with weights its models have, and whether they are called networks."""

from __future__ import annotations

import ast
import re

from fixer.facts.loops.losses import CLASS_NUMBERS, loss_calls
from fixer.facts.modules.module_lists import members
from fixer.facts.modules.stacks import Role, role_of_layer
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import (
    Choice,
    Class,
    Function,
    Imported,
    Made,
    Part,
    Unknown,
    Value,
    options,
    roots,
)
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_WRAPPERS = re.compile(
    r"torch\.(jit\.(script|trace)|compile|nn\.DataParallel|nn\.parallel\.\w+|distributed\.(\w+\.)*fsdp\.[Ff]ully\w+|"
    r"distributed\.tensor\.parallel\.parallelize_module)$|copy\.deepcopy$"
)
_NETWORK = re.compile(
    r"(Net|NN|GCN|GAT|SAGE|MLP|[Ff]ormer|B[Ee][Rr][Tt]|GPT|VGG|LSTM|GRU|DQN|Generator|Discriminator|Classifier|Critic|Actor|"
    r"AutoModel|Policy|Encoder|Decoder|VAE|UNETR|ViT|[Aa]uto[Ee]ncoder\w*|Transformer\w*)(?![a-z])|from_pretrained$|create_model$"
)
_NAMED = re.compile(
    r"^(net(work)?|gnn|mlp|cnn|rnn|lstm|actor|critic|policy|generator|discriminator|classifier|encoder|decoder)$"
)
"""Variables of networks, whatever their classes are called."""
_LAYER = re.compile(r"(Conv|Linear|Attention|Embedding)(?![a-z])")
"""Classes of layers, from libraries out of sight."""
_OF_CLASSIFIERS = CLASS_NUMBERS | {"BCELoss", "BCEWithLogitsLoss"}
_SAME = frozenset({"to", "cuda", "cpu", "float", "half", "double", "train", "eval", "requires_grad_"})
_BIG = re.compile(r"torchvision\.models\.|torch\.nn\.(RNN|LSTM|GRU|Transformer|MultiheadAttention)|timm\.")


def weight_layers(module: Value, depth: int = 8) -> int | None:
    """How many layers with weights a module has; None where that is out of sight."""
    module = unwrapped(module)
    if isinstance(module, Choice):
        counts = {weight_layers(each, depth - 1) for each in options(module)} if depth else {None}
        return counts.pop() if len(counts) == 1 else None
    if not isinstance(module, Made) or depth == 0:
        return None
    if module.dotted is not None:
        return _layers_of_torch(module, module.dotted, depth)
    if module.cls is None or not module.arguments.complete:
        return None
    own = [unwrapped(each) for each in module.attributes.values()]
    foreign = [each for each in own if isinstance(each, Made) and _is_foreign(each)]
    parts = {id(each): each for each in own if kind(each) is Kind.MODULE or _is_known_network(each)}
    parts |= {id(each): each for each in foreign if _layers_of_library(each, depth) is not None}
    if not parts and foreign:
        return None  # layers of another library
    return _together(list(parts.values()), depth) if parts else int(_multiplies_its_input(module))


def _is_known_network(value: Value) -> bool:
    """Whether a function of torchvision or timm made it."""
    return isinstance(value, Made) and _BIG.match(value.dotted or "") is not None


def _is_foreign(value: Made) -> bool:
    dotted = value.dotted or ""
    given_modules = any(kind(each) is Kind.MODULE for each in value.arguments.all())
    return (
        "." in dotted and (dotted.rpartition(".")[2][:1].isupper() or given_modules) and not dotted.startswith("torch.")
    )


def _layers_of_library(module: Made, depth: int) -> int | None:
    """The layers of a module that a library out of sight makes: of the modules that it gets, else by its name."""
    given = [each for each in module.arguments.all() if kind(unwrapped(each)) is Kind.MODULE]
    if given and depth:
        return _together(given, depth)
    name = (module.dotted or "").rpartition(".")[2]
    return 1 if _LAYER.search(name) else 2 if name[:1].isupper() and _NETWORK.search(name) else None


def _multiplies_its_input(module: Made) -> bool:
    """Whether the class is a layer by itself: its `forward` multiplies what it is given with a parameter of its own."""
    forward = module.cls.find("forward") if module.cls is not None else None
    if not isinstance(forward, Function) or forward.function is None:
        return False
    weights = {name for name, each in module.attributes.items() if kind(each) is Kind.TENSOR}
    inputs = {each.arg for each in forward.function.args.args[1:]}
    for node in walk(forward.function):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.MatMult):
            sides = (node.left, node.right)
            own = any(isinstance(each, ast.Attribute) and each.attr in weights for each in sides)
            if own and any(isinstance(each, ast.Name) and each.id in inputs for each in sides):
                return True
    return False


def _layers_of_torch(module: Made, dotted: str, depth: int) -> int | None:
    if _BIG.match(dotted):
        return 2  # at least
    if not dotted.startswith("torch."):
        return _layers_of_library(module, depth)
    if _takes_apart_a_network(module):
        return 2  # at least
    if members(module) is not None or not dotted.startswith("torch.nn."):
        return _together(members(module), depth)
    role, name = role_of_layer(dotted)
    if name in ("Sequential", "ModuleList", "ModuleDict"):
        # what was appended: those in sight, perhaps not all
        known = _together(module.holds, depth)
        return known if known is not None and known > 1 else None
    return int(role is Role.WEIGHT or name in ("Embedding", "Bilinear", "ConvTranspose2d", "ConvTranspose1d"))


def _takes_apart_a_network(module: Made) -> bool:
    """Whether its layers are those of a well-known network: `Sequential(*list(resnet.children())[:-1])`."""
    for given in module.arguments.all():
        for each in roots(given):
            inner = each.arguments.get(0, "") if isinstance(each, Made) and each.dotted == "list" else each
            if isinstance(inner, Part) and inner.key == "children" and isinstance(inner.base, Made):
                return _BIG.match(inner.base.dotted or "") is not None
    return False


def unwrapped(module: Value) -> Value:
    """The module behind `DataParallel(...)`, `torch.compile(...)`, `.to(device)`."""
    while True:
        match module:
            case Made(callee=Imported(dotted=dotted)) if _WRAPPERS.match(dotted) and module.arguments.positional:
                module = module.arguments.positional[0]
            case Part(how="method", key=str() as key) if key in _SAME:
                module = module.base
            case _:
                return module


def is_network(script: Script, module: Value, written: str | None = None) -> bool:
    """Whether a module whose layers are out of sight is called a network, or the program trains a classifier.

    `written`: the variable that holds it.
    """
    called = {_class_name(unwrapped(each)) for each in options(unwrapped(module))}
    named = all(map(_NETWORK.search, called)) or (written is not None and _NAMED.match(written))
    return bool(named) or any(each.name in _OF_CLASSIFIERS for each in loss_calls(script))


def _class_name(module: Value) -> str:
    if not isinstance(module, Made):
        return ""
    match module.callee:
        case Class(definition=ast.ClassDef(name=name)) | Imported(dotted=name) | Unknown(hint=name):
            return name
    return ""


def together(modules: list[Value]) -> int | None:
    """The layers of what one optimizer trains."""
    return _together(modules, 9)


def _together(modules: list[Value] | None, depth: int) -> int | None:
    """The layers of several modules; two are counted even where others are out of sight."""
    counts = [weight_layers(each, depth - 1) for each in modules] if modules is not None else [None]
    known = sum(each or 0 for each in counts)
    return None if None in counts and known < 2 else known
