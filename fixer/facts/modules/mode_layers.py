"""Whether a module computes something else in training than in evaluation: dropout, batch norm and what holds them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import (
    Arguments,
    Choice,
    Class,
    Function,
    Imported,
    Items,
    Literal,
    Made,
    Mapping,
    Part,
    Value,
    options,
    roots,
)
from fixer.facts.program.walk import walk

_DROPOUT = re.compile(r"(Feature)?(Alpha)?Dropout[123]?d?$")
_BATCH_NORM = re.compile(r"(Lazy|Sync)?BatchNorm([123]d)?$")
_INSTANCE_NORM = re.compile(r"(Lazy)?InstanceNorm[123]d$")
# Position and name of the dropout rate of layers that have one inside, and the rate that they have unasked.
_RATES = {
    "RNN": (None, "dropout", 0.0),
    "LSTM": (None, "dropout", 0.0),
    "GRU": (None, "dropout", 0.0),
    "MultiheadAttention": (2, "dropout", 0.0),
    "TransformerEncoderLayer": (3, "dropout", 0.1),
    "TransformerDecoderLayer": (3, "dropout", 0.1),
    "Transformer": (5, "dropout", 0.1),
}
_HOLDING = frozenset({"Sequential", "ModuleList", "ModuleDict", "TransformerEncoder", "TransformerDecoder"})
# Models of torchvision: all but the plain vision transformers, whose dropout is off unless asked for.
_TORCHVISION = re.compile(r"torchvision\.models\.(?!.*Weights)(\w+\.)*(?!vit|Vision|get_|list_|create_)\w+$")
# Models of transformers whose configurations come with dropout.
_TRANSFORMERS = re.compile(
    r"transformers\.(Bert|DistilBert|Roberta|XLMRoberta|Electra|Albert|Deberta|DebertaV2|GPT2|Bart|T5)(Model|LMHead|For)\w*"
    r"(\.from_pretrained)?$"
)
# Those with batch norm in every part.
_NORMED = re.compile(
    r"torchvision\.models\.(\w+\.)*(wide_)?(resnet|resnext|densenet|mobilenet|efficientnet|inception|googlenet|shufflenet|"
    r"mnasnet|regnet)\w*$"
)
# The same by the names under which libraries keep them, `create_model("resnet50")`, `Unet(encoder_name="resnet34")`.
_BY_NAME = re.compile(
    r"(tf_|timm-|se_?|ig_|wide_|gluon_)?(resne|densenet|mobilenet|efficientnet|inception|googlenet|shufflenet|mnasnet|regnet)",
    re.IGNORECASE,
)
# Those that have neither, as they come.
_PLAIN_VIT = re.compile(r"(vit|deit)_[a-z]+_?(patch)?\d|VisionTransformer$")
_WITHOUT = re.compile(r"(vit|deit)_|([\w.-]+/)?\w*(llama|mistral|mixtral|qwen|gemma|vicuna)", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"([\w.-]+/)?(xlm-|distil|bio|sci|code)*(bert|roberta|electra|albert|deberta|gpt2|bart|t5)", re.IGNORECASE
)
# Networks that are known for their batch norm, or for their dropout, whoever wrote them.
_KNOWN = re.compile(
    r"((?<![A-Z])(Wide|PreAct|SE|Se)?_?Res(Net|NeXt|net|next)|DenseNet|EfficientNet|MobileNet|^Bert(Model$|For[A-Z]))"
)
_PLAIN = re.compile(r"torch\.nn\.Module$|object$|(pytorch_lightning|lightning)\.(\w+\.)*LightningModule$")
"""Bases without layers of their own."""
_ANY = "*"
"""Read by names that are put together: `getattr(self, f"bn{i}")`."""
_RATE = re.compile(r"(^|_)(dropout|drop_rate|drop|dropout_rate|dropout_prob|drop_prob)$")
_TRAINING = re.compile(r"train|eval|test|infer|predict|determin|mode|phase", re.IGNORECASE)
_FUNCTIONAL = re.compile(r"(feature_|alpha_)*dropout[123]?d?$|batch_norm$")

Answer = bool | None
"""None: that is out of sight."""


def is_dropout(module: Value) -> bool:
    """Whether it is a layer of torch that drops, and nothing but that."""
    module_name, _, name = (module.dotted or "" if isinstance(module, Made) else "").rpartition(".")
    return module_name == "torch.nn" and _DROPOUT.match(name) is not None


def depends_on_mode(module: Value) -> Answer:
    """Whether `train()` and `eval()` make a difference to what a module computes."""
    return _Look().at(module, 12)


class _Look:
    def __init__(self) -> None:
        self.seen: dict[int, Answer] = {}

    def at(self, value: Value, depth: int) -> Answer:
        if id(value) not in self.seen and depth:
            self.seen[id(value)] = False  # whatever holds itself holds nothing more by that
            self.seen[id(value)] = self._at(value, depth - 1)
        return self.seen.get(id(value))

    def _at(self, value: Value, depth: int) -> Answer:
        match value:
            case Choice(options=several):
                answers = {self.at(each, depth) for each in several}
                return answers.pop() if len(answers) == 1 else None
            case Made(callee=Class() as cls):
                return self._of_class(value, cls, depth)
            case Made(callee=Imported(dotted=dotted)):
                return self._of_constructor(value, dotted, depth)
            case Made(callee=Part() | Made() as callee) if _is_of_torchvision(callee):
                return True
            case Literal() | Function() | Imported():
                return False
            case Part(how="element" | "subscript" | "method", base=base):
                return self._of_children(base)
        return None

    def _of_children(self, value: Value) -> Answer:
        """Some of the layers of a model of torchvision with batch norm all over: `list(resnet.children())[:-1]`."""
        whole = next((each for each in roots(value) if isinstance(each, Made) and each.dotted in ("list", None)), value)
        if isinstance(whole, Made) and whole.dotted == "list" and whole.arguments.positional:
            whole = whole.arguments.positional[0]
        if not isinstance(whole, Part) or whole.how != "method" or whole.key != "children":
            return None
        named = whole.base.dotted if isinstance(whole.base, Made) else None
        return True if named is not None and _NORMED.match(named) else None

    def _of_constructor(self, made: Made, dotted: str, depth: int) -> Answer:
        module, _, name = dotted.rpartition(".")
        if _TORCHVISION.match(dotted) or _TRANSFORMERS.match(dotted):
            return True
        if module != "torch.nn":
            plain = _PLAIN_VIT.match(name) or _says_which(made, _WITHOUT)
            if plain and not any("drop" in each for each in made.arguments.keywords):
                return False
            if _says_which(made, _AUTOMATIC if name == "from_pretrained" or "transformers" in module else _BY_NAME):
                return True
            given = [each for each in made.arguments.all() if isinstance(each, Made)]
            known = _asked_for(made, name) or (name[:1].isupper() and _KNOWN.search(name))
            return True if known or any(self.at(each, depth) for each in given) else None
        if _DROPOUT.match(name):
            return _positive(made, 0, "p", 0.5)
        if _BATCH_NORM.match(name) or _INSTANCE_NORM.match(name):
            return _tracks(made, _BATCH_NORM.match(name) is not None)
        if name in _RATES:
            layers = made.arguments.get(2, "num_layers")
            rate = _positive(made, *_RATES[name])
            stacked = name not in ("RNN", "LSTM", "GRU") or _more_than_one(layers)
            return rate if stacked or rate is None else False
        if name in _HOLDING:
            sure = made.arguments.complete and not made.uses & {"append", "add_module", "extend", "insert"}
            held = [*made.arguments.all(), *made.holds]
            if not made.arguments.complete:  # `*layers`: one value stands for all of them
                held = [one for each in held for one in options(each)]
            return self._any(_held(held), depth, sure)
        return name == "RReLU"

    def _of_class(self, made: Made, cls: Class, depth: int) -> Answer:
        outside = [each for each in cls.mro() if not isinstance(each, Class)]
        plain = all(isinstance(each, Imported) and _PLAIN.match(each.dotted) for each in outside)
        sequence = all(isinstance(each, Imported) and each.dotted == "torch.nn.Sequential" for each in outside)
        if not plain and not sequence:
            return True if _asked_for(made, "") else None
        used, functional, asks = _reads(cls)
        if functional:
            return True
        chosen = _chosen(cls)
        parts = [each for name, each in made.attributes.items() if sequence or name in used or _ANY in used]
        parts = [each for each in parts if not any(each is made.attributes.get(name) for name in chosen)]
        sure = not asks and not chosen and not sequence and made.arguments.complete
        return self._any(_held(parts), depth, sure)

    def _any(self, parts: Iterable[Value], depth: int, sure: bool) -> Answer:
        answers = {self.at(each, depth) for each in parts}
        if True in answers:
            return True
        return None if None in answers or not sure else False


def _says_which(made: Made, names: re.Pattern[str]) -> bool:
    """Whether a model of a library is chosen by such a name."""
    return any(
        isinstance(x, Literal) and isinstance(x.value, str) and names.match(x.value) for x in made.arguments.all()
    )


def _is_of_torchvision(callee: Value) -> bool:
    """Whether it is `models.__dict__[args.arch]` or `getattr(models, args.arch)`."""
    match callee:
        case Part(how="subscript", base=Imported(dotted="torchvision.models.__dict__")):
            return True
        case Made(arguments=Arguments(positional=[Imported(dotted="torchvision.models"), *_])):
            return callee.dotted == "getattr"
    return False


def _asked_for(made: Made, name: str) -> bool:
    """Whether a layer of another library is dropout or batch norm, or is told to have some."""
    if _DROPOUT.match(name) or _BATCH_NORM.match(name):
        return _positive(made, 0, "p", 0.5) is True
    for key, value in made.arguments.keywords.items():
        given = value.value if isinstance(value, Literal) else None
        if _RATE.search(key) and (not isinstance(value, Literal) or (isinstance(given, float) and 0 < given < 1)):
            return True
        if key == "norm" and isinstance(given, str) and "batch" in given:
            return True
    return False


def _positive(made: Made, position: int | None, name: str, default: float) -> Answer:
    given = made.arguments.get(position, name)
    if given is None:
        return default > 0 if made.arguments.complete else None
    # a rate that is set elsewhere is there to be more than zero
    return not isinstance(given, Literal) or (isinstance(given.value, int | float) and given.value > 0)


def _tracks(made: Made, default: bool) -> Answer:
    given = made.arguments.get(4, "track_running_stats")
    if given is None:
        return default
    return bool(given.value) if isinstance(given, Literal) else None


def _more_than_one(layers: Value | None) -> bool:
    """Of a number that is set elsewhere nobody would give a rate of dropout beside it, were it one."""
    if isinstance(layers, Literal):
        return isinstance(layers.value, int) and layers.value > 1
    return layers is not None


def _held(values: Iterable[Value], depth: int = 6) -> Iterator[Value]:
    """The modules among `values` and in their lists and dicts; of a list's elements any one counts."""
    for value in values:
        match value:
            case Items(items=items, each=each) if depth:
                yield from _held(
                    [*items, *(each.options if isinstance(each, Choice) else [each] if each else [])], depth - 1
                )
            case Mapping(items=pairs) if depth:
                yield from _held([*pairs.values(), *value.holds], depth - 1)
            case Made(callee=Imported(dotted="collections.OrderedDict")) if depth:
                yield from _held(value.arguments.all(), depth - 1)
            case Part(how="attribute") | Literal():
                pass
            case _ if kind(value) is Kind.MODULE or isinstance(value, Choice) or kind(value) is Kind.UNKNOWN:
                yield value


def _reads(cls: Class) -> tuple[set[str], bool, bool]:
    """The attributes that the methods of a class read, whether they call dropout by mode, and ask for the mode else."""
    used: set[str] = set()
    functional = asks = False
    for each in cls.mro():
        definition = each.definition if isinstance(each, Class) else None
        for node in walk(definition) if definition else ():
            match node:
                case ast.Attribute(attr="training", ctx=ast.Load()):
                    asks = True
                case ast.Attribute(attr=name, ctx=ast.Load()):
                    used.add(name)
                case ast.Call(func=ast.Name(id="getattr")):
                    used.add(_ANY)
                case ast.Call() if _by_mode(node):
                    functional = True
    return used, functional, asks


def _chosen(cls: Class) -> set[str]:
    """The attributes that the methods of a class read only where they are told to: `if is_training: x = self.drop(x)`.

    The caller chooses by an argument what others choose by the mode.
    """
    told: dict[str, bool] = {}
    for method in cls.definition.body if cls.definition is not None else ():
        if isinstance(method, ast.FunctionDef) and method.name != "__init__":
            inside = {id(node) for test in _told(method) for each in test.body for node in walk(each)}
            for node in walk(method):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    told[node.attr] = told.get(node.attr, True) and id(node) in inside
    return {name for name, only in told.items() if only}


def _told(method: ast.FunctionDef) -> list[ast.If]:
    """The tests of a method that ask a parameter of it whether this is training."""
    spec = method.args
    asked = {each.arg for each in [*spec.args, *spec.kwonlyargs] if _TRAINING.search(each.arg)}
    if not asked:
        return []
    tests = [node for node in walk(method) if isinstance(node, ast.If)]
    return [each for each in tests if any(isinstance(x, ast.Name) and x.id in asked for x in walk(each.test))]


def _by_mode(call: ast.Call) -> bool:
    """`F.dropout(x, training=self.training)`"""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if not _FUNCTIONAL.match(name):
        return False
    given = [*call.args, *[each.value for each in call.keywords]]
    return any(isinstance(each, ast.Attribute) and each.attr == "training" for each in given)
