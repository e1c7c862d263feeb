"""Small changes of a program that leave one that Python parses: other defects, other layouts, other surroundings."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Callable
from random import Random

from fixer.source import split_lines

Mutation = Callable[[str, Random], str]


def parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def mutated(text: str, random: Random, times: int) -> str:
    """The program after some mutations; those that break it, or of which nothing comes, are passed over."""
    for _ in range(times):
        after = random.choice(MUTATIONS)(text, random)
        if after != text and parses(after):
            text = after
    return text


# Defects: what somebody forgets or gets wrong.


def without(pattern: str, instead: str = "") -> Mutation:
    """One of the places that `pattern` matches, taken out or put otherwise."""
    compiled = re.compile(pattern)

    def change(text: str, random: Random) -> str:
        places = list(compiled.finditer(text))
        if not places:
            return text
        place = random.choice(places)
        return text[: place.start()] + place.expand(instead) + text[place.end() :]

    return change


def other_number(text: str, random: Random) -> str:
    places = list(re.finditer(r"(?<=[(,= \[:])\d{1,4}(?=[,)\]:])", text))
    if not places:
        return text
    place = random.choice(places)
    odd = ["-1", "1e999", "10**30", "0.0", "None", "True", "n", "1j", "'8'", "(2, 3)", "[]", "-0.5"]
    number = str(random.choice([0, 1, 3, 10, 64, int(place[0]) + 1, int(place[0]) * 2, *odd]))
    return text[: place.start()] + number + text[place.end() :]


DEFECTS: tuple[Mutation, ...] = (
    without(r"[\w.]+\.zero_grad\([^()\n]*\)", "pass"),
    without(r",\s*shuffle\s*=\s*True"),
    without(r"shuffle\s*=\s*True", "shuffle=False"),
    without(r"[\w.]+\.eval\(\)", "pass"),
    without(r"(\w+)\.(flatten|view|reshape)\([^()\n]*\)", r"\1"),
    without(r"train\s*=\s*False", "train=True"),
    without(r"(transforms|T)\.ToTensor\(\),?"),
    without(r"(\w+)\.(float|long|double)\(\)", r"\1"),
    without(r"ReLU\(", "Sigmoid("),
    without(r"drop_last\s*=\s*True", "drop_last=False"),
    without(r"1e-[2-5]", "10.0"),
    other_number,
)


# Layouts and surroundings.


def crlf(text: str, _random: Random) -> str:
    return re.sub(r"\r\n?|\n", "\r\n", text)


def old_mac(text: str, _random: Random) -> str:
    return re.sub(r"\r\n?|\n", "\r", text)


def no_last_line_end(text: str, _random: Random) -> str:
    return text.rstrip()


def tabs(text: str, _random: Random) -> str:
    return re.sub(r"^(?: {4})+", lambda m: "\t" * (len(m[0]) // 4), text, flags=re.MULTILINE)


WRAPPERS = (
    "if True:\n{}",
    "while True:\n{}\n    break",
    "for _ in range(1):\n{}",
    "try:\n{}\nexcept E as e: pass",
    "try:\n    pass\nexcept* E:\n{}",
    "with a as b, (c):  # open\n{}",
    "def f(x, /, *, y: 'int' = 1):\n{}",
    "@d\nclass C(B):\n{}",
    "class C:\n    def m(self):\n    {}",
    "async def f():\n{}",
    "match x:\n  case [1, *_] if y:\n{}",
    "if a: pass\nelif b:\n{}\nelse: pass",
    "def f():\n    yield\n{}\nf()",
)


def wrapped(text: str, random: Random) -> str:
    """The whole program inside of something; a line within a string that is moved is no harm."""
    body = re.sub(r"^from __future__ .*\n", "", text, flags=re.MULTILINE)
    template = random.choice(WRAPPERS)
    deep = "        " if "    {}" in template else "    "
    return template.replace("    {}", "{}").replace("{}", textwrap.indent(body, deep)) + "\n"


def _statements(text: str) -> list[ast.stmt]:
    """Statements that have their lines to themselves, as far as the eye can see."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and not isinstance(node, ast.ImportFrom)]


def _one(text: str, random: Random) -> tuple[list[str], int, int] | None:
    found = _statements(text)
    if not found:
        return None
    node = random.choice(found)
    return split_lines(text), node.lineno - 1, node.end_lineno or node.lineno


def deleted(text: str, random: Random) -> str:
    if (place := _one(text, random)) is None:
        return text
    lines, start, end = place
    return "".join([*lines[:start], *lines[end:]])


def doubled(text: str, random: Random) -> str:
    if (place := _one(text, random)) is None:
        return text
    lines, start, end = place
    return "".join([*lines[:end], *lines[start:end], *lines[end:]])


def swapped(text: str, random: Random) -> str:
    """A statement changes its place with what stands on the lines below."""
    if (place := _one(text, random)) is None:
        return text
    lines, start, end = place
    behind = end + random.randint(1, 4)
    return "".join([*lines[:start], *lines[end:behind], *lines[start:end], *lines[behind:]])


def under_header(text: str, random: Random) -> str:
    if (place := _one(text, random)) is None:
        return text
    lines, start, end = place
    indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
    header = random.choice(("if a:", "for a in b:", "with a:", "def a():", "async def a():", "class A:", "while a:"))
    inside = [indent + "    " + line.removeprefix(indent) for line in lines[start:end]]
    return "".join([*lines[:start], f"{indent}{header}\n", *inside, *lines[end:]])


def one_line_suite(text: str, random: Random) -> str:
    """`if a:` and the statement below it on one line."""
    places = list(re.finditer(r":[ \t]*(\r\n|\r|\n)[ \t]+(?=[\w.]+[ \t]*[(=.])", text))
    if not places:
        return text
    place = random.choice(places)
    return text[: place.start()] + random.choice((": ", ":", ":\t")) + text[place.end() :]


def joined(text: str, random: Random) -> str:
    """Two lines become one, with a semicolon."""
    places = list(re.finditer(r"(\r\n|\r|\n)[ \t]*(?=[\w.]+[ \t]*[(=.])", text))
    if not places:
        return text
    place = random.choice(places)
    return text[: place.start()] + random.choice(("; ", ";", " ;  ")) + text[place.end() :]


def ended_by_semicolon(text: str, random: Random) -> str:
    return without(r"(?<=\))(?=\r|\n)", random.choice((";", " ; ")))(text, random)


def continued(text: str, random: Random) -> str:
    """A line broken by a backslash."""
    return without(r"(?<=[\w)\]])( = |, | \+ |\.)(?=\w)", random.choice((r"\1\\\n", r"\\\n\1", r" \\\n   \1")))(
        text, random
    )


def broken_in_brackets(text: str, random: Random) -> str:
    return without(r"([(\[,])[ \t]*(?=\w)", random.choice((r"\1\n", r"\1  # why\n\t", r"\1\n\n      ")))(text, random)


def spaced(text: str, random: Random) -> str:
    white = random.choice(("  ", "\t", " \f ", "\f"))
    return without(r"(?<=[\w)]) ?([(\[=.,)])(?=\w)", rf"{white}\1{white}")(text, random)


def form_feed(text: str, random: Random) -> str:
    return without(r"(?m)^(?=[a-z@#])", "\f")(text, random)


def remark(text: str, random: Random) -> str:
    """A comment at the end of a line, one that means something to type checkers or to fixer included."""
    words = random.choice(("# ü", "# type: ignore", "# type: (int) -> str", "# fixer: ignore[missing-zero-grad]", "#"))
    return without(r"(?<=[)\]\w:])(?=[ \t]*(?:\r|\n))", "  " + words)(text, random)


def parenthesised(text: str, random: Random) -> str:
    return without(r"(?<== )([\w.]+\([^()\n]*\))(?=\r|\n)", random.choice((r"(\1)", r"(\n\1\n)", r"( \1 )")))(
        text, random
    )


def unpacked(text: str, random: Random) -> str:
    return without(r"([\w.]+)\(([^()\n=*]+)\)", random.choice((r"\1(*\2)", r"\1(**\2)", r"\1(\2, *a, **k)")))(
        text, random
    )


def renamed(text: str, random: Random) -> str:
    """One name everywhere becomes another: one that is taken, that says nothing, or that is not ASCII."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = sorted({node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)})
    if not names:
        return text
    old, new = random.choice(names), random.choice([*names, "größe", "x_9", "self", "torch", "_", "变量"])
    return re.sub(rf"(?<![\w.]){re.escape(old)}(?!\w)", new, text)


LAYOUTS: tuple[Mutation, ...] = (
    crlf,
    old_mac,
    no_last_line_end,
    tabs,
    wrapped,
    deleted,
    doubled,
    swapped,
    under_header,
    one_line_suite,
    joined,
    ended_by_semicolon,
    continued,
    broken_in_brackets,
    spaced,
    form_feed,
    remark,
    parenthesised,
    unpacked,
    renamed,
)

MUTATIONS = (*DEFECTS, *LAYOUTS)
