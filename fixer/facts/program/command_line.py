"""Options of the command line: what `args.lr` is where nobody gives it."""

from __future__ import annotations

import ast

from fixer.facts.program.values import Literal, Made, Part, Value, roots
from fixer.facts.program.walk import walk
from fixer.facts.script import Script

_PARSES = frozenset({"parse_args", "parse_known_args"})


def default_of_option(script: Script, value: Value) -> Literal | None:
    """The literal that an option of `argparse` falls back to; None where `value` is no such option, or may be set."""
    if not isinstance(value, Part) or value.how != "attribute" or not isinstance(value.key, str):
        return None
    parser = _parser(value.base)
    if parser is None or "set_defaults" in parser.uses or _written(script, value.key):
        return None
    found = [
        call.arguments.get(None, "default")
        for call in script.run.calls
        if isinstance(call.callee, Part)
        and call.callee.key == "add_argument"
        and any(each is parser for each in roots(call.callee.base))
        and value.key in _names(call.node)
    ]
    default = found[0] if len(found) == 1 else None
    return default if isinstance(default, Literal) else None


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
    """Whether the program sets an attribute of this name by itself."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == name and not isinstance(node.ctx, ast.Load)
        for node in walk(script.tree)
    )
