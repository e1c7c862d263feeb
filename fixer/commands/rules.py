"""`fixer rules` and `fixer explain`: what there is to find."""

from __future__ import annotations

import difflib
import json

from fixer import registry
from fixer.commands.console import Console
from fixer.commands.session import UsageError
from fixer.pages import evidence, page
from fixer.rule import Rule


def rules(console: Console, form: str) -> int:
    found = registry.rules()
    if form == "json":
        console.product([json.dumps([_object(rule) for rule in found], indent=2) + "\n"])
        return 0
    wide = max((len(rule.name) for rule in found), default=0)
    group = ""
    for rule in sorted(found, key=lambda rule: (rule.group, rule.name)):
        if rule.group != group:
            console.product([f"{'' if not group else chr(10)}{console.out.bold(rule.group)}\n"])
            group = rule.group
        safety = "" if rule.safety == "safe" else f" [{rule.safety}]"
        console.product([f"  {console.out.cyan(rule.name.ljust(wide))}  {rule.summary}{console.out.dim(safety)}\n"])
    console.note(f"\n{len(found)} rules; `fixer explain RULE` says more about one")
    return 0


def _object(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "code": rule.name,
        "group": rule.group,
        "summary": rule.summary,
        "safety": str(rule.safety),
        "symptom": rule.symptom,
        "loss": str(rule.loss),
        "explanation": rule.doc,
    }


def explain(console: Console, name: str, form: str) -> int:
    found = {rule.name: rule for rule in registry.rules()}
    if name not in found:
        near = difflib.get_close_matches(name, found, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`fixer rules` lists all"
        raise UsageError(f"there is no rule `{name}`; {hint}")
    rule = found[name]
    if form == "json":
        console.product([json.dumps(_object(rule), indent=2) + "\n"])
        return 0
    console.product([page(rule, evidence(name))])
    return 0
