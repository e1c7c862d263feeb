"""Models that a library runs once, to show, count or export what they do: it is told the input, or the shape of it.

`summary(model, (3, 32, 32))`, `torch.onnx.export(model, x, path)`, `profile(model, inputs=(x,))`, `writer.add_graph`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fixer.facts.data.datasets import guarded
from fixer.facts.program.following import stand_in
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.machine import Call
from fixer.facts.program.training import Event, EventKind
from fixer.facts.program.values import Arguments, Items, Made, Part, Value
from fixer.facts.script import Script
from fixer.facts.tensors.array_kinds import Array, Library, shape_of
from fixer.facts.tensors.arrays import array

_SPOKEN_OF = re.compile(
    r"onnx\.export\(|jit\.trace\(|export\.export\(|\bsummary\(|\bprofile\(|Flop\w+\(|add_graph\(|complexity_info\("
)
_INPUTS = {
    "torch.onnx.export": "args",
    "torch.jit.trace": "example_inputs",
    "torch.export.export": "args",
    "thop.profile": "inputs",
    "fvcore.nn.FlopCountAnalysis": "inputs",
    "mmengine.analysis.complexity_analysis.FlopAnalyzer": "inputs",
    "mmengine.analysis.FlopAnalyzer": "inputs",
    "torchinfo.summary": "input_data",
    "torch_snippets.summary": "input_data",
}
"""Functions that are given what goes into the model, behind it or by this name."""
_SIZES = {
    "torchinfo.summary": ("input_size", ()),
    "torchsummary.summary": ("input_size", (None,)),
    "torchsummary.torchsummary.summary": ("input_size", (None,)),
    "ptflops.get_model_complexity_info": ("input_res", (None,)),
    "mmengine.analysis.get_model_complexity_info": ("input_shape", (None,)),
}
"""Functions that are given its shape, and the dimensions that they put in front of it."""
_MADE_OTHERWISE = {"dtypes", "input_constructor"}
"""Arguments by which it is no float tensor of that shape."""


def shown(script: Script) -> Iterator[Call]:
    """The calls that such libraries make."""
    if not _SPOKEN_OF.search(script.text):
        return
    for call in list(script.run.calls):
        model = _model(call)
        inputs = _inputs(call) if model is not None else []
        if model is not None and inputs and not guarded(script, call):
            yield applied(call, model, inputs)


def applied(call: Call, model: Made, inputs: list[Value]) -> Call:
    """A call of a model where somebody else's function is called that makes it."""
    arguments = Arguments(inputs)
    result = Made(call.node, callee=model, arguments=arguments)
    event = Event(EventKind.CALL, call.node, call.event.statement, result, parent=call.event.parent)
    return Call(call.node, model, arguments, result, event)


def _model(call: Call) -> Made | None:
    graph = isinstance(call.result, Part) and call.result.how == "method" and call.result.key == "add_graph"
    if not graph and call.dotted not in _INPUTS and call.dotted not in _SIZES:
        return None
    model = call.arguments.get(0, "model")
    return model if isinstance(model, Made) and kind(model) is Kind.MODULE else None


def _inputs(call: Call) -> list[Value]:
    dotted = call.dotted or ""
    given = call.arguments.get(1, _INPUTS.get(dotted, "input_to_model"))
    if given is not None and dotted not in ("torchsummary.summary", "ptflops.get_model_complexity_info"):
        several = given.items if isinstance(given, Items) and given.known else [given]
        if all(isinstance(each, Made | Part) and _is_tensor(each) for each in several):
            return several
    name, before = _SIZES.get(dotted, ("", ()))
    size = call.arguments.get(1, name) if name else None
    if size is None or _MADE_OTHERWISE & call.arguments.keywords.keys():
        return []
    inner = size.items if isinstance(size, Items) else []
    several = inner if inner and all(isinstance(each, Items) for each in inner) else [size]
    shapes = [shape_of(each) for each in several]
    known = [(*before, *each) for each in shapes if each is not None and len(each) > 1 - len(before)]
    if len(known) != len(several):
        return []
    return [stand_in(Array(Library.TORCH, "float32", each), size.node) for each in known]


def _is_tensor(value: Value) -> bool:
    known = array(value)
    return known is not None and known.library is Library.TORCH
