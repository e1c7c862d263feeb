"""Lists that grow, and loops that make layers."""

from fixer.facts.program.values import Items, Literal, Made, Value
from fixer.facts.script import Script


def _variable(text: str, name: str) -> Value:
    script = Script.parse("from torch import nn\n" + text)
    assert script.run.complete
    return script.run.module.get(name)


def _held(text: str, name: str = "x") -> list[object] | None:
    listed = _variable(text, name)
    assert isinstance(listed, Items)
    return [each.value if isinstance(each, Literal) else None for each in listed.items] if listed.known else None


def test_what_is_always_appended_keeps_its_place() -> None:
    assert _held("x = [1]\nx.append(2)\nx.extend([3, 4])\nx.insert(0, 0)\nx += [5]") == [0, 1, 2, 3, 4, 5]
    assert _held("def add(to, value):\n    to.append(value)\nx = []\nadd(x, 1)\nadd(x, 2)") == [1, 2]


def test_what_is_appended_under_a_test_has_no_place() -> None:
    assert _held("x = [1]\nif many:\n    x.append(2)\nx.append(3)") is None
    assert _held("x = [1]\nfor row in rows:\n    x.append(row)") is None


def test_what_is_taken_out_leaves_something_unknown() -> None:
    assert _held("x = [1, 2]\nx.pop()") is None


def test_nothing_is_certain_behind_an_early_return() -> None:
    text = "def make(few):\n    x = [1]\n    if few:\n        return x\n    x.append(2)\n    return x\ny = make(flag)"
    assert _held(text, "y") is None


def test_lists_are_joined_cut_and_repeated() -> None:
    assert _held("x = [1] + [2] * (5 - 3)") == [1, 2, 2]
    assert _held("x = [1, 2, 3, 4][1:-1]") == [2, 3]


def test_loops_over_known_sizes_are_gone_through_one_by_one() -> None:
    assert _held("x = []\nfor i in range(3):\n    x.append(i * 2)") == [None, None, None]
    sizes = "sizes = [3, 5, 7]\nx = nn.ModuleList()\nfor i in range(len(sizes) - 1):\n"
    layers = _variable(sizes + "    x.append(nn.Linear(sizes[i], sizes[i + 1]))", "x")
    assert isinstance(layers, Made) and layers.built is not None and layers.built.known
    wanted = [[getattr(size, "value", None) for size in each.arguments.positional] for each in layers.built.items]
    assert wanted == [[3, 5], [5, 7]]


def test_a_test_in_such_a_loop_is_decided() -> None:
    text = "x = []\nwidth = 3\nfor each in [4, 'M', 8]:\n    if each == 'M':\n        x.append(0)\n    else:\n"
    text += "        x.append(width)\n        width = each"
    assert _held(text) == [3, 0, 4]


def test_loops_that_train_are_gone_through_once() -> None:
    text = "x = []\nfor lr in [1, 2]:\n    model = nn.Linear(2, 2)\n    x.append(lr)\n    model(data).sum().backward()"
    assert _held(text) is None
