"""What calls of known names do to a training run: which methods and functions are backward, clear, step, and so on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from fixer.facts.program.kinds import Kind, kind, name_of
from fixer.facts.program.machine import Machine
from fixer.facts.program.training import EventKind
from fixer.facts.program.values import (
    Arguments,
    Choice,
    Class,
    Computed,
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

CLEARING_NAME = re.compile(r"(zero|clear|reset)\w*_?grad|grad\w*_(zero|clear|reset)", re.IGNORECASE)
_GRADIENT_WRITES = frozenset({"zero_", "fill_", "mul_", "copy_", "set_"})
_HARMLESS_MODULES = re.compile(
    r"(torch|torchvision|torchaudio|torchtext|torchmetrics|numpy|np|math|random|os|sys|time|logging|json|tqdm|matplotlib|"
    r"sklearn|PIL|cv2|collections|itertools|warnings|argparse|pathlib|typing|copy|wandb|tensorboard|tensorboardX|einops|"
    r"pandas|scipy|datetime|glob|shutil|re|pickle|seaborn|imageio|skimage|rich|builtins)(\.|$)"
)
_AVERAGE = re.compile(r"(^|_)ema(_model)?$|EMA$|AveragedModel$|(Exponential)?MovingAverage$")
_BACKWARD_FUNCTIONS = frozenset({"torch.autograd.backward", "torch.autograd.autograd.backward"})


class Effects(Machine):
    """Events of calls out of sight."""

    def method_effects(self, node: ast.Call, receiver: Value, name: str, arguments: Arguments) -> None:
        """Record what `receiver.name(...)` does, for a method whose body is not in this file."""
        given = arguments.all()
        match name:
            case "backward" | "manual_backward":
                self.emit(
                    EventKind.BACKWARD, node, given[0] if given and kind(receiver) is not Kind.TENSOR else receiver
                )
            case "step":
                self._step(node, receiver, given)
            case "toggle_optimizer" | "untoggle_optimizer":
                pass  # Lightning's: says which parameters need gradients
            case "train" | "eval":
                self.emit(EventKind.MODE, node, receiver, "eval" if name == "eval" else _mode_given(arguments))
            case "unscale_":
                self.emit(EventKind.UNSCALE, node, given[0] if given else receiver)
            case "update" if kind(receiver) is Kind.SCALER:
                self.emit(EventKind.UPDATE_SCALE, node, receiver)
            case _ if is_clearing(name):
                self.emit(EventKind.CLEAR, node, receiver if not given or name == "zero_grad" else None)
            case "copy_" if _holds_grad(receiver) and given and _of_its_own(receiver, given[0]):
                pass  # averaged among processes, clipped: what was in the gradients is still in them
            case "mul_" if _holds_grad(receiver) and given and _is_quotient(given[0]):
                pass  # averaged over tasks
            case _ if name in _GRADIENT_WRITES and _holds_grad(receiver):
                self.emit(EventKind.CLEAR, node, None)
            case _ if "hook" in name and any(_clears(each) for each in given):
                self.run.hidden_clears = True
            case "register_post_accumulate_grad_hook":
                self.run.hidden_clears = True
            case _:
                self._escapes(node, name, receiver, arguments)

    def function_effects(self, node: ast.Call, dotted: str, arguments: Arguments) -> None:
        """Record what a call of an imported function does."""
        given = arguments.all()
        last = dotted.rpartition(".")[2]
        if dotted in _BACKWARD_FUNCTIONS:
            self.emit(EventKind.BACKWARD, node, given[0] if given else None)
        elif dotted in ("setattr", "delattr", "exec", "eval"):
            if dotted in ("exec", "eval") or any(isinstance(each, Literal) and each.value == "grad" for each in given):
                self.run.hidden_clears = True
        elif (dotted.startswith("torch._foreach_") and not _are_weights(given)) or (
            last.endswith("_") and any(map(_holds_grad, given))
        ):
            self.emit(EventKind.CLEAR, node, None)
        elif dotted.startswith("torch.nn.utils.clip_grad"):
            self.emit(EventKind.CLIP, node, given[0] if given else None, last)
        elif last == "optimizer_step" and given:
            self.emit(EventKind.STEP, node, given[0])
        elif is_clearing(last):
            self.emit(EventKind.CLEAR, node, None)
        elif is_foreign(dotted) or dotted == "map":
            self._escapes(node, last, None, arguments)

    def _step(self, node: ast.Call, receiver: Value, given: list[Value]) -> None:
        what = kind(receiver)
        if given and (what is Kind.SCALER or kind(given[0]) is Kind.OPTIMIZER) and what is not Kind.OPTIMIZER:
            self.emit(EventKind.STEP, node, given[0])
        elif what is Kind.OPTIMIZER:
            self.emit(EventKind.STEP, node, receiver, "closure" if given else "")
        elif what is Kind.SCHEDULER:
            self.emit(EventKind.SCHEDULE, node, receiver)
        else:
            self._escapes(node, "step", receiver, Arguments(positional=given))

    def _escapes(self, node: ast.AST, name: str, receiver: Value | None, arguments: Arguments) -> None:
        """Everything that the call hands out, and everything that its receiver was handed before."""
        if receiver is not None and _averages(receiver):
            name = "ema"
        seen: set[int] = set()
        for value in arguments.all():
            _may_grow(value)
            for each in handed_over(value):
                if id(each) not in seen:
                    seen.add(id(each))
                    self.emit(EventKind.ESCAPE, node, each, name)
                    if _clears(each):
                        self.run.hidden_clears = True
        if receiver is None or isinstance(receiver, Imported):
            return
        for one in options(receiver):
            for held in one.holds:
                if id(held) not in seen:
                    seen.add(id(held))
                    self.emit(EventKind.ESCAPE, node, held, name)
            one.holds.extend(each for value in arguments.all() for each in handed_over(value) if len(one.holds) < 50)


def _may_grow(value: Value) -> None:
    """A list of layers, or one that is still empty, may be filled by the code that it is handed to."""
    for one in options(value):
        if isinstance(one, Items) and one.home is not None and all(kind(x) is Kind.MODULE for x in one.items):
            one.complete = False


def _averages(receiver: Value) -> bool:
    """Whether it keeps averages of a model's parameters, by its name: no method of such a thing touches gradients."""
    several = [each for each in options(receiver) if not isinstance(each, Literal)]
    return bool(several) and all(_AVERAGE.search(name_of(each)) for each in several)


def _mode_given(arguments: Arguments) -> str:
    """The mode that `train(...)` switches to."""
    given = arguments.get(0, "mode")
    if given is None:
        return "train" if arguments.complete and not arguments.keywords else "either"
    if isinstance(given, Literal):
        return "train" if given.value else "eval"
    return "either"


@cache
def is_clearing(name: str) -> bool:
    """Whether a function of this name clears gradients, going by the name."""
    return CLEARING_NAME.search(name) is not None


@cache
def is_foreign(dotted: str) -> bool:
    """Whether a function may do anything to what it is given: not a built-in, nor from a library known not to train."""
    return "." in dotted and not _HARMLESS_MODULES.match(dotted)


def handed_over(value: Value, depth: int = 3) -> Iterator[Value]:
    """The objects that code can act upon once it is given `value`: not numbers, nor what was computed from objects."""
    if depth == 0 or isinstance(value, Literal | Computed | Imported | Class):
        return
    match value:
        case Made(callee=Imported(dotted="torch.device")):
            return  # a place, not a thing: a module that was moved there holds nothing more
        case Choice(options=several):
            for each in several:
                yield from handed_over(each, depth)
        case Items(items=items, each=each):
            for one in [*items, *([each] if each else [])]:
                yield from handed_over(one, depth - 1)
        case Mapping(items=pairs):
            for one in pairs.values():
                yield from handed_over(one, depth - 1)
        case Part(how="method", key="parameters" | "named_parameters" | "modules" | "children", base=base):
            yield from handed_over(base, depth)
        case Part(how="method" | "subscript", arguments=_):
            if kind(value) not in (Kind.UNKNOWN, Kind.TENSOR):
                yield value
        case Made(callee=Made() | Part()):
            return  # the output of a model or of a loss
        case _ if kind(value) is not Kind.TENSOR:
            yield value


def _are_weights(given: list[Value]) -> bool:
    """Whether what a call changes are the parameters of a model, not their gradients: a moving average of them."""
    changed = given[0] if given else None
    if isinstance(changed, Made) and changed.dotted in ("list", "tuple") and changed.arguments.positional:
        changed = changed.arguments.positional[0]
    return isinstance(changed, Part) and changed.how == "method" and changed.key in ("parameters", "buffers")


def _is_grad(value: Value) -> bool:
    return isinstance(value, Part) and value.how == "attribute" and value.key == "grad"


def _holds_grad(value: Value) -> bool:
    return any(_is_grad(each) for each in roots(value))


def _is_quotient(value: Value) -> bool:
    return isinstance(value.node, ast.BinOp) and isinstance(value.node.op, ast.Div)


def _of_its_own(receiver: Value, copied: Value) -> bool:
    """Whether what is written into the gradients of a model is made of gradients of that model alone."""
    owners = {id(list(roots(each))[-1]) for each in _grads(copied)}
    return owners == {id(list(roots(receiver))[-1])}


def _grads(value: Value, depth: int = 8) -> Iterator[Value]:
    """The gradients that a value was computed from."""
    if depth == 0:
        return
    inner: list[Value] = []
    match value:
        case _ if _is_grad(value):
            yield value
        case Part(base=base):
            inner = [base]
        case Computed(operands=operands):
            inner = operands
        case Items(items=items, each=each):
            inner = [*items, *([each] if each else [])]
        case Made(callee=Imported()):
            inner = value.arguments.all()
        case Choice(options=several):
            inner = several
    for each in inner:
        yield from _grads(each, depth - 1)


def _clears(value: Value) -> bool:
    """Whether a function that is handed out says anywhere that it clears gradients."""
    if not isinstance(value, Function) or value.function is None:
        return False
    return any(
        (isinstance(node, ast.Attribute) and (is_clearing(node.attr) or node.attr == "grad"))
        for node in walk(value.function)
    )
