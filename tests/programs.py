"""Small programs of all layouts, for hypothesis: every kind of block, comments, blank lines, line ends, tabs."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

SIMPLE = (
    "step(x)",
    "y = x + 1",
    "a, b = b, a",
    "loss.backward()  # back",
    "x = f(\n{i}    a,  # one\n{i}    b=2,\n{i})",
    "total = (first +\n{i}  second)",
    "value = first + \\\n{i}        second",
    's = """text\n  more # no comment\n"""',
    "print(f'{{x}} of {{len(y)}}')",
    "t = [1, 2,\n{i}     3]  # three",
    "u = (1,)",
    "v = tuple(n for n in range(3))",
    "w = {{'ä': 'ü', **rest}}; z = w['ä']",
    "q = lambda n: n; q(1);",
    "data[:80, 1] = other[5:]",
    "del x",
    "pass",
    "assert(x)",
    "return(x)",
    "return(1, 2)",
    "return 1, 2",
    "y = not(a) or(b)and c",
    "z = a if(b)else[c]",
    "x = await f(*args, key=(1, 2), **more)",
    "y = yield(x)",
    "if (n := f(x)) > 1: pass",
    "m = {{k: v for k, v in x if k}}",
    "x = a @ b ** -c < d.e(f)[g](h)",
    "raise E(x) from e",
    "for i in 1, 2: pass",
    "x[(1, 2)] = x[1, 2][::2]",
    "s = 'a' 'b'",
    "x: list[int] = [  # open\n{i}    # first\n{i}    1, 2,\n{i}    3  # last\n{i}]",
    "x = f(a,\n{i}      b)",
    "x = f(g(\n{i}  h( 1 ), k=( 2 )\n{i}))",
    "k = f(\n{i}    # only a comment\n{i})",
    "j = ()",
)
HEADERS = (
    "if x:",
    "for x in rows:  # each",
    "while(x):",
    "with open(p) as f, lock:",
    "def f(a, b=1, *rest, c, **more) -> int:",
    "@mark\n{i}@other(1)\n{i}def g(\n{i}    a,\n{i}):",
    "async def h(a, /, b):",
    "class A(B, metaclass=C):",
    "class D:",
)
SUITES = ("if x: y = 1; z = 2  # both", "for n in x: use(n)", "class E: pass", "if x: y\n{i}elif z: x\n{i}else: w")


@dataclass(frozen=True)
class Layout:
    indent: str
    newline: str
    final: bool


LAYOUTS = st.builds(Layout, st.sampled_from(["    ", "  ", "\t"]), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())


@st.composite
def blocks(draw: st.DrawFn, indent: str, prefix: str = "", depth: int = 0) -> list[str]:
    """The lines of one block."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        lines += draw(st.sampled_from([[], [], [""], [prefix + "# about what follows"], ["", prefix + "# both", ""]]))
        kind = draw(st.sampled_from(["simple", "simple", "simple", "suite", "block", "if", "try", "match"]))
        if depth >= 2 and kind not in ("simple", "suite"):
            kind = "simple"
        inner = prefix + indent
        body = blocks(indent, inner, depth + 1)
        if kind in ("simple", "suite"):
            lines.append(prefix + draw(st.sampled_from(SIMPLE if kind == "simple" else SUITES)).format(i=prefix))
        elif kind == "block":
            lines += [prefix + draw(st.sampled_from(HEADERS)).format(i=prefix), *draw(body)]
        elif kind == "if":
            lines += [f"{prefix}if a:", *draw(body), f"{prefix}elif (b):  # or", *draw(body)]
            lines += draw(st.sampled_from([[], [f"{prefix}else:", f"{inner}other()", f"{inner}# footer"]]))
        elif kind == "try":
            lines += [f"{prefix}try:", *draw(body), f"{prefix}except (A, B) as e:", *draw(body)]
            lines += [f"{prefix}else:", f"{inner}fine()", f"{prefix}finally:", *draw(body)]
        else:
            lines += [f"{prefix}match x:", f"{inner}case [1, y]:", *draw(blocks(indent, inner + indent, depth + 2))]
            lines += [f"{inner}case _: pass"]
    return lines


HEADS = ("", "", "#!/usr/bin/env python\n", "# licence\n\n", '"""What it does."""\n\n', "\n\n")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program that Python parses."""
    layout = draw(LAYOUTS)
    head = draw(
        st.sampled_from(["", "", "#!/usr/bin/env python\n", "# licence\n\n", '"""What it does."""\n\n', "\n\n"])
    )
    imports = draw(st.sampled_from(["", "import torch\n", "from torch import nn  # layers\nimport os\n\n"]))
    text = head + imports + "\n".join(draw(blocks(layout.indent)))
    return (text + ("\n" if layout.final else "")).replace("\n", layout.newline)
