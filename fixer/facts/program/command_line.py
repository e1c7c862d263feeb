"""Options of the command line: what `args.lr` is where nobody gives it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from fixer.facts.program.machine import Call, Run
from fixer.facts.program.values import Arguments, Imported, Literal, Made, Part, Value, roots
from fixer.facts.program.walk import walk

if TYPE_CHECKING:
    from fixer.facts.script import Script

_PARSES = frozenset({"parse_args", "parse_known_args"})


def default_of_option(script: Script, value: Value) -> Literal | None:
    """The literal that an option of `argparse` falls back to; None where `value` is no such option, or may be set."""
    if not isinstance(value, Part) or value.how != "attribute" or not isinstance(value.key, str):
        return None
    parser = _parser(value.base)
    if parser is None or "set_defaults" in parser.uses or _written(script, value.key):
        return None
    found = _declared(script.run, parser, value.key)
    default = found[0].arguments.get(None, "default") if len(found) == 1 else None
    return default if isinstance(default, Literal) else None


def spread_options(value: Value | None, name: str, run: Run) -> Value | None:
    """The parsed arguments of which `**vars(args)` gives the option `name` to a call; None where it has no such one."""
    match value:
        case Made(callee=Imported(dotted="vars"), arguments=Arguments(positional=[given])):
            parser = _parser(given)
        case Part(how="attribute", key="__dict__", base=given):
            parser = _parser(given)
        case _:
            return None
    return given if parser is not None and _declared(run, parser, name) else None


def _declared(run: Run, parser: Made, name: str) -> list[Call]:
    return [
        call
        for call in run.calls
        if isinstance(call.callee, Part)
        and call.callee.key == "add_argument"
        and any(each is parser for each in roots(call.callee.base))
        and name in _names(call.node)
    ]


def _parser(arguments: Value) -> Made | None:
    """The `ArgumentParser` whose result this is."""
    if isinstance(arguments, Part) and arguments.how == "subscript":
        arguments = arguments.base
    match arguments:
        case Part(how="method", key=str() as key, base=Made(callee=_) as parser) if key in _PARSES:
            return parser if parser.dotted == "argparse.ArgumentParser" else None
    return None


def _names(call: ast.Call) -> list[str]:
    """The attributes that an option may be read by."""
    for keyword in call.keywords:
        if keyword.arg == "dest":
            return [str(keyword.value.value)] if isinstance(keyword.value, ast.Constant) else []
    written = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    long = [each for each in written if each.startswith("--")] or written
    return [each.lstrip("-").replace("-", "_") for each in long[:1]]


def _written(script: Script, name: str) -> bool:
    """Whether the program sets an attribute of this name by itself; `self` holds no options."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == name
        and not isinstance(node.ctx, ast.Load)
        and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        for node in walk(script.tree)
    )
