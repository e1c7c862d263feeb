"""What libraries that train for the program do with its models: Lightning's `training_step`, the engines of Ignite.

The batches that they hand on are those of the loader that they are given, or that the module itself makes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer.facts.data.datasets import guarded
from fixer.facts.modules.fitted import fitted
from fixer.facts.program.following import Follower, follow, kept
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Event, EventKind
from fixer.facts.program.values import Arguments, Class, Function, Items, Made, Part, Unknown, Value
from fixer.facts.script import Script

_STEPS = {"fit": ("training_step", "train_dataloader", "train_dataloaders")}
_STEPS |= {each: (f"{each}_step", f"{each}_dataloader", "dataloaders") for each in ("test", "predict")}
_STEPS["validate"] = ("validation_step", "val_dataloader", "dataloaders")
_OF_IGNITE = ("create_supervised_trainer", "create_supervised_evaluator")


def fed(script: Script) -> list[Call]:
    """The calls that such libraries make, and those that are made for them."""
    return kept(script, "fed", lambda: list(_fed(script)))


def _fed(script: Script) -> Iterator[Call]:
    if not script.run.complete:
        return
    lightning = any("training_step" in each.members for each in script.run.classes)
    yield from fitted(script)
    if not lightning and "ignite" not in script.text:
        return
    done: set[int] = set()
    for call in list(script.run.calls) if lightning or "run" in script.text else ():
        result = call.result
        if not isinstance(result, Part) or result.how != "method" or guarded(script, call):
            continue
        if result.key in _STEPS:
            yield from _fitted(call, str(result.key), done)
        elif result.key == "run" and isinstance(result.base, Made):
            yield from _run(call, result.base)
    for made in script.run.objects if lightning else ():
        if id(made) not in done and made.cls is not None and made.cls.find("train_dataloader") is not None:
            yield from _stepped(made, "training_step", _loader_of(made, "train_dataloader"))


# -- Lightning ---------------------------------------------------------------------------------------------------------


def _fitted(call: Call, name: str, done: set[int]) -> Iterator[Call]:
    """`trainer.fit(model, loader)`, `trainer.fit(model, datamodule=data)`."""
    step, method, keyword = _STEPS[name]
    given = call.arguments
    model = given.get(0, "model")
    if not isinstance(model, Made) or model.cls is None or not given.complete:
        return
    done.add(id(model))
    data = given.get(1, keyword) or given.get(None, "datamodule")
    if isinstance(data, Made) and data.cls is not None and data.cls.find(method) is not None:
        data = None if _changes_batches(data.cls) else _loader_of(data, method)
    elif data is None:
        data = _loader_of(model, method)
    yield from _stepped(model, step, data)


def _loader_of(owner: Made, method: str) -> Value | None:
    if owner.cls is None or owner.cls.find(method) is None:
        return None
    found = follow(owner, method, Arguments())
    return found.value if found is not None else None


def _stepped(model: Made, step: str, loader: Value | None) -> Iterator[Call]:
    if loader is None or model.cls is None or model.cls.find(step) is None or _changes_batches(model.cls):
        return
    found = follow(model, step, Arguments([_batch(loader), Unknown(hint="batch_idx")]))
    yield from found.calls if found is not None else ()


def _changes_batches(cls: Class) -> bool:
    """Whether a class has hooks through which every batch goes."""
    return any(cls.find(f"{each}_batch_transfer") is not None for each in ("on_before", "on_after"))


def _batch(loader: Value) -> Value:
    return Follower(ast.Module([], [])).element(loader)


# -- Ignite ------------------------------------------------------------------------------------------------------------


def _run(call: Call, engine: Made) -> Iterator[Call]:
    """`trainer.run(loader)` of an engine that was made for a model, or for a function of the file."""
    module, _, name = (engine.dotted or "").rpartition(".")
    loader = call.arguments.get(0, "data")
    if not module.startswith("ignite") or loader is None:
        return
    batch = _batch(loader)
    if name == "Engine":
        process = engine.arguments.get(0, "process_function")
        if isinstance(process, Function) and not process.opaque:
            follower = Follower(ast.Module([], []))
            follower.inline(process, call.node, [engine, batch], {})
            yield from follower.run.calls
    elif name in _OF_IGNITE:
        model = engine.arguments.get(0, "model")
        if model is None or kind(model) is not Kind.MODULE or engine.arguments.get(None, "prepare_batch"):
            return
        inputs = batch.items[0] if isinstance(batch, Items) and batch.items else None
        first = inputs or Part(call.node, base=batch, how="subscript", key=0)
        arguments = Arguments([first])
        result = Made(call.node, callee=model, arguments=arguments)
        event = Event(EventKind.CALL, call.node, call.event.statement, result, parent=call.event.parent)
        yield Call(call.node, model, arguments, result, event)
