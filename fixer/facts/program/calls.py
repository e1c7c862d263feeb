"""Calls: arguments bound to parameters; what they make, change, or hand to code out of sight."""

from __future__ import annotations

import ast

from fixer.facts.program.effects import handed_over, is_foreign
from fixer.facts.program.environment import Environment
from fixer.facts.program.growth import CONTAINERS, GROWING, as_now
from fixer.facts.program.inlining import Inlining, function_name
from fixer.facts.program.kinds import Kind, is_named_module, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.sequences import sequence
from fixer.facts.program.training import EventKind
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
    Unknown,
    Value,
    either,
    join,
    options,
)
from fixer.facts.program.walk import walk

_OF_LAUNCHERS = frozenset({"prepare", "setup", "setup_dataloaders", "setup_optimizers", "backward"})
_OF_DEEPSPEED = frozenset({"deepspeed_plugin", "deepspeed_plugins"})
"""Arguments by which Accelerate is told to train with DeepSpeed, whose step clears the gradients."""
_OF_LIGHTNING = frozenset({"optimizers", "manual_backward", "toggle_optimizer", "untoggle_optimizer"})
_PRIVATELY = frozenset({"make_private", "make_private_with_epsilon"})
_SPAWNING = frozenset({"torch.multiprocessing.spawn", "torch_xla.distributed.xla_multiprocessing.spawn"})
"""They call a function in processes of their own, with the number of the process and what is given as `args`."""
_MATTERS = frozenset({"backward", "step", "zero_grad", "grad", "autograd", "eval", "train"})


class Calls(Inlining):
    def call(self, node: ast.Call, env: Environment) -> Value:
        self.burn()
        receiver: Value | None = None
        if isinstance(node.func, ast.Attribute):
            receiver = self.value(node.func.value, env)
            for each in receiver.options if isinstance(receiver, Choice) else [receiver]:
                each.uses.add(node.func.attr)
            callee = self.attribute(receiver, node.func.attr, node.func)
        else:
            callee = self.value(node.func, env)
        arguments = self._arguments(node, env)
        callee = self.worth_following(self.known(callee), arguments)
        event = self.emit(EventKind.CALL, node)
        result = self._dispatch(node, callee, receiver, arguments, env)
        event.subject = result
        self.run.calls.append(Call(node, callee, arguments, result, event))
        return result

    def _arguments(self, node: ast.Call, env: Environment) -> Arguments:
        found = Arguments()
        for argument in node.args:
            value = self.value(argument, env)
            if not isinstance(argument, ast.Starred):
                found.positional.append(value)
            elif isinstance(value, Items) and value.complete and value.each is None:
                found.positional.extend(value.items)
            else:
                found.complete = False
                found.positional.append(self.element(value))
        for keyword in node.keywords:
            value = self.value(keyword.value, env)
            if keyword.arg is not None:
                found.keywords[keyword.arg] = value
                if keyword.arg in _OF_DEEPSPEED and ast.unparse(node.func).endswith("Accelerator"):
                    self.run.hidden_clears = True
            elif isinstance(value, Mapping):
                found.keywords.update({key: each for key, each in value.items.items() if isinstance(key, str)})
                found.complete = found.complete and value.complete
            elif (more := either(value)) is not None:
                found.keywords.update(more)
            else:
                found.complete = False
                found.keywords["**"] = value
        return found

    def _dispatch(
        self, node: ast.Call, callee: Value, receiver: Value | None, arguments: Arguments, env: Environment
    ) -> Value:
        match callee:
            case Choice(options=several):
                return self._call_either(node, several, receiver, arguments, env)
            case Function(owner=Value() as owner) | Part(how="attribute", base=owner, key="forward") if (
                _is_forward(callee) and not _is_super(receiver) and kind(owner) is Kind.MODULE
            ):
                return self._call_object(node, owner, arguments)  # `model.forward(x)` for `model(x)`
            case Function(owner=Value() as owner) if _is_of_launcher(callee):
                return self._call_method(node, owner, function_name(callee), arguments)
            case Function():
                if callee.owner is not None and _is_engine(callee):
                    return self._call_method(node, callee.owner, function_name(callee), arguments)
                if function_name(callee) == "zero_grad" and callee.owner and kind(callee.owner) is Kind.OPTIMIZER:
                    self.emit(EventKind.CLEAR, node, callee.owner)  # how it does so does not matter
                    return Literal(node)
                stepped = callee.owner if function_name(callee) == "step" else None
                if stepped is not None and kind(stepped) is Kind.OPTIMIZER:
                    self.emit(EventKind.STEP, node, stepped, "closure" if arguments.all() else "")
                return self._call_function(node, callee, arguments)
            case Class():
                return self.instantiate(callee, node, arguments)
            case Imported(dotted="super"):
                return self._super(node)
            case Imported(dotted=dotted):
                return self._call_imported(node, dotted, callee, arguments)
            case Part(how="attribute", base=Class() as cls, key="load_from_checkpoint"):
                return self.instantiate(cls, node, Arguments(keywords=arguments.keywords, complete=False))
            case Part(how="attribute", base=Made(built=Items()) as base, key="add_module" | "register_module" as name):
                return self._call_method(node, base, name, arguments)  # no module is called so
            case Part(how="attribute", base=base, key=str() as name) if kind(callee) not in (Kind.MODULE, Kind.LOSS):
                return self._call_method(node, base, name, arguments)
        return self._call_object(node, callee, arguments)

    def _call_either(
        self, node: ast.Call, several: list[Value], receiver: Value | None, arguments: Arguments, env: Environment
    ) -> Value:
        """A call of one of several things: each on its own path. One method of several objects is one event."""
        parts = [each for each in several if isinstance(each, Part) and each.how == "attribute"]
        if receiver is not None and len(parts) == len(several):
            return self._call_method(node, join([each.base for each in parts]), str(parts[0].key), arguments)
        results = []
        for block, each in zip(self.branch(node, len(several)), several, strict=True):
            with self.inside(block):
                results.append(self._dispatch(node, each, receiver, arguments, env))
        return join(results)

    # -- functions of this file ------------------------------------------------------------------------------------

    def _call_imported(self, node: ast.Call, dotted: str, callee: Value, arguments: Arguments) -> Value:
        given = arguments.positional
        if (
            dotted == "getattr"
            and len(given) >= 2
            and isinstance(given[1], Literal)
            and isinstance(given[1].value, str)
        ):
            return self.attribute(given[0], given[1].value, node)
        if dotted in ("map", "filter") and len(given) >= 2 and isinstance(given[0], Function | Part):
            with self.inside(self.loop(node)):
                applied = Arguments(positional=[self.element(each, node) for each in given[1:]])
                return Items(node, each=self._dispatch(node, given[0], None, applied, Environment()), complete=False)
        if dotted == "functools.partial":
            return Made(node, callee=callee, arguments=arguments)
        if dotted in _SPAWNING and given and isinstance(given[0], Function):
            handed = arguments.get(1, "args") or Items()
            known = isinstance(handed, Items) and handed.complete and handed.each is None
            rest = handed.items if isinstance(handed, Items) and known else []
            rank = Unknown(node, hint="rank", annotation="int")
            self._call_function(node, given[0], Arguments([rank, *rest], complete=known))
            return Literal(node)
        if dotted in ("list", "tuple") and (not given or (isinstance(given[0], Items) and given[0].known)):
            return Items(node, items=list(sequence(given[0]) or []) if given else [], home=self.block)
        if dotted == "apex.amp.initialize" and given and not arguments.keywords.keys() & {"models", "optimizers"}:
            return Items(node, items=given[:2]) if len(given) > 1 else given[0]  # they come back as they went
        if dotted == "torch.compile" and given and (isinstance(given[0], Function) or kind(given[0]) is Kind.MODULE):
            return given[0]  # the same parameters, mode and results
        self.function_effects(node, dotted, arguments)
        made = Made(node, callee=callee, arguments=as_now(arguments))
        if dotted in CONTAINERS:
            self.container(made)
        if kind(made) is Kind.UNKNOWN and is_foreign(dotted):
            made.holds.extend(each for value in arguments.all() for each in handed_over(value))
        if dotted == "deepspeed.initialize":
            return _wrapped(made, arguments.get(1, "model"), 4)
        last = dotted.rpartition(".")[2]
        if last[:1].isupper() or kind(made) is not Kind.UNKNOWN:
            self.run.objects.append(made)
            self.emit(EventKind.MAKE, node, made)
        return made

    def _call_method(self, node: ast.Call, base: Value, name: str, arguments: Arguments) -> Value:
        if arguments.positional and name in GROWING:
            lists = [each for each in options(base) if isinstance(each, Items)]
            for each in lists:
                self.grow(each, name, arguments.positional)
            if lists and base in lists:
                return Literal(node)
        if isinstance(base, Items):
            self.shrink(base, name)
        if name in ("next", "__next__") and isinstance(base, Made) and base.dotted == "iter" and not arguments.all():
            return self._call_imported(node, "next", Imported(dotted="next"), Arguments([base]))
        if isinstance(base, Made) and base.built is not None:
            self.fill(base, name, arguments.positional)
        if isinstance(base, Made) and base.dotted == "super":
            if name == "__init__":
                self._keep_transforms(arguments)
            return Unknown(node, hint=name)
        outside = isinstance(base, Made) and base.cls is not None
        if outside and name not in ("backward", "step", "train", "eval") and kind(base) is not Kind.MODULE:
            # a method of this file's class that only a base class out of sight can have
            self._escapes(node, name, None, Arguments(positional=[base]))
        if not isinstance(base, Class | Literal | Function):
            self.method_effects(node, base, name, arguments)
        if name == "optimizers" and isinstance(base, Made) and base.cls is not None and kind(base) is Kind.MODULE:
            optimizers = Part(node, base=base, how="method", key=name, arguments=arguments)
            return self.configured.setdefault(id(base), optimizers)
        if name in ("prepare", "setup", "setup_dataloaders", "setup_optimizers") and arguments.positional:
            # Accelerate and Fabric give their arguments back, wrapped
            given = arguments.positional
            return given[0] if len(given) == 1 else Items(node, items=given)
        if name in _PRIVATELY:
            whole = Part(node, base=base, how="method", key=name, arguments=arguments)
            return _wrapped(whole, arguments.get(0, "module"), 4 if "criterion" in arguments.keywords else 3)
        if name in ("to", "cuda", "cpu", "float", "half", "double", "train", "eval", "requires_grad_") and kind(
            base
        ) in (Kind.MODULE, Kind.LOSS):
            return base  # modules return themselves
        return Part(node, base=base, how="method", key=name, arguments=as_now(arguments))

    def _call_object(self, node: ast.Call, callee: Value, arguments: Arguments) -> Value:
        """Calling an object: a model, a loss, or something unknown."""
        if isinstance(callee, Made) and callee.dotted == "functools.partial" and callee.arguments.positional:
            first, *bound = callee.arguments.positional
            keywords = {**callee.arguments.keywords, **arguments.keywords}
            given = Arguments([*bound, *arguments.positional], keywords, arguments.complete)
            return self._dispatch(node, first, None, given, Environment())
        what = kind(callee)
        held: int | None = None
        if isinstance(callee, Made) and callee.built is not None:
            callee.held = held = len(callee.built.items)  # what is added now was not there
        if what is Kind.MODULE:
            self.emit(EventKind.FORWARD, node, callee)
        if isinstance(callee, Made) and callee.cls is not None:
            name = "forward" if what in (Kind.MODULE, Kind.LOSS) else "__call__"
            method = self.attribute(callee, name)
            if isinstance(method, Function) and (what not in (Kind.MODULE, Kind.LOSS) or _matters(method)):
                return self._call_function(node, method, arguments)
        elif what not in (Kind.MODULE, Kind.LOSS, Kind.TRANSFORM):
            # a name that a star import brought says as much as one that is imported by itself
            name = node.func.id if isinstance(node.func, ast.Name) else "call"
            self._escapes(node, "forward" if is_named_module(node.func) else name, callee, arguments)
        return Made(node, callee=callee, arguments=as_now(arguments), held=held)


def _wrapped(result: Value, model: Value | None, count: int) -> Value:
    """What DeepSpeed and Opacus make of a model and `count` - 1 other things: there is another module around the model.

    The others do more than what they stand for: a step also clears, a loader draws at random.
    """
    if model is None or kind(model) is not Kind.MODULE or result.node is None:
        return result
    around = Imported(dotted="torch.nn.parallel.DistributedDataParallel")
    engine = Made(result.node, callee=around, arguments=Arguments([model]))
    others = [Part(result.node, base=result, how="subscript", key=index) for index in range(1, count)]
    return Items(result.node, items=[engine, *others])


def _is_engine(function: Function) -> bool:
    """A method of Accelerate or Fabric, which may be in sight: what they do is known, and how is a long story."""
    definer = function.definer.definition if function.definer else None
    return definer is not None and definer.name in ("Accelerator", "Fabric")


def _is_of_launcher(function: Function) -> bool:
    """What is known of Accelerate, Fabric, Lightning, Opacus, where the library is in sight: nobody need follow it."""
    definer = function.definer.definition if function.definer is not None else None
    if definer is None:
        return False
    known = {
        "Accelerator": _OF_LAUNCHERS,
        "Fabric": _OF_LAUNCHERS,
        "LightningModule": _OF_LIGHTNING,
        "PrivacyEngine": _PRIVATELY,
    }
    return function_name(function) in known.get(definer.name, ())


def _is_forward(callee: Value) -> bool:
    return isinstance(callee, Part) or (isinstance(callee, Function) and function_name(callee) == "forward")


def _is_super(receiver: Value | None) -> bool:
    return isinstance(receiver, Made) and receiver.dotted == "super"


def _matters(function: Function) -> bool:
    """Whether a `forward` does more than compute: only then is it worth following."""
    assert function.function is not None
    return any(isinstance(node, ast.Attribute) and node.attr in _MATTERS for node in walk(function.function))
