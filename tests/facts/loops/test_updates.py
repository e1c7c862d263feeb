"""Updates: which backward calls feed a step, what may clear its gradients, and where a clear would go."""

from textwrap import dedent

import pytest

from fixer.facts.loops.updates import trains
from fixer.facts.places.placement import place_for_clear
from fixer.facts.script import Script

HEAD = """\
import torch
from torch import nn, optim
a, b = nn.Linear(2, 2), nn.Linear(2, 2)
oa, ob = optim.SGD(a.parameters(), 1), optim.SGD(b.parameters(), 1)
x = torch.ones(1, 2)
"""


def script(text: str) -> Script:
    return Script.parse(HEAD + dedent(text))


def lines(text: str) -> dict[int, list[int]]:
    """Line of each step -> lines of the backward calls in its window, counted in `text`."""
    offset = HEAD.count("\n")
    return {
        update.step.node.lineno - offset: [each.node.lineno - offset for each in update.window]  # type: ignore[attr-defined]
        for update in script(text).updates
    }


def test_the_window_goes_back_to_the_step_before() -> None:
    text = """\
    for _ in range(3):
        a(x).sum().backward()
        a(x).mean().backward()
        oa.step()
        b(a(x)).sum().backward()
        ob.step()
    """
    assert lines(text) == {4: [2, 3], 6: [5]}


def test_steps_in_a_row_share_their_window() -> None:
    text = "for _ in range(3):\n    b(a(x)).sum().backward()\n    oa.step()\n    ob.step()\n"
    assert lines(text) == {3: [2], 4: [2]}


@pytest.mark.parametrize(
    ("clear", "cleared"),
    [
        ("oa.zero_grad()", True),
        ("a.zero_grad()", True),
        ("a.weight.grad = None", True),
        ("ob.zero_grad()", False),
        ("b.zero_grad()", False),
        ("nn.Sequential(b, a).zero_grad()", True),
        ("lib.step_done(oa)", True),
        ("lib.save_checkpoint(oa)", False),
        ("lib.step_done(a)", True),
        ("lib.evaluate(a)", False),
        ("lib.step_done(b)", False),
        ("oa = optim.SGD(a.parameters(), 1)", True),
        ("lib.ModelEMA(a).update(a)", False),
        ("lib.Tracker(a).update(a)", True),
        ("lib.barrier(oa)", False),
    ],
)
def test_what_may_clear_an_optimizers_gradients(clear: str, cleared: bool) -> None:
    text = f"import lib\nfor _ in range(3):\n    {clear}\n    a(x).sum().backward()\n    oa.step()\n"
    (update,) = script(text).updates
    assert update.may_be_cleared is cleared


@pytest.mark.parametrize(("name", "cleared"), [("model", False), ("self.net", False), ("observer", True)])
def test_who_calls_a_model_wants_its_output(name: str, cleared: bool) -> None:
    loop = f"for _ in range(3):\n    {name}(x).sum().backward()\n    oa.step()\n"
    (update,) = script(f"import lib\nself = lib.Trainer()\n{name} = lib.wrapped(a)\n{loop}").updates
    assert update.may_be_cleared is cleared


@pytest.mark.parametrize(
    ("made", "cleared"),
    [
        ("net, optimizer = lib.build()", False),
        ("self.net, self.optimizer = lib.build()\noptimizer = self.optimizer", False),
        ("import deepspeed\nnet, optimizer, _, _ = deepspeed.initialize(a)", True),
    ],
)
def test_an_optimizer_that_is_unpacked(made: str, cleared: bool) -> None:
    loop = "for _ in range(3):\n    net(x).sum().backward()\n    optimizer.step()\n"
    (update,) = script(f"import lib\nself, net = lib.Trainer(), lib.net()\n{made}\n{loop}").updates
    assert update.may_be_cleared is cleared


def test_an_optimizer_that_every_round_unpacks_anew() -> None:
    loop = "for _ in range(3):\n    net, optimizer = lib.build()\n    net(x).backward()\n    optimizer.step()\n"
    (update,) = script(f"import lib\n{loop}").updates
    assert update.may_be_cleared


def test_deepspeed_behind_accelerate_clears_by_itself() -> None:
    assert script("import accelerate\naccelerate.Accelerator(deepspeed_plugin=a)\n").run.hidden_clears


def test_a_step_in_a_function_that_an_engine_is_given() -> None:
    step = "def step(engine, batch):\n    a(x).sum().backward()\n    oa.step()\n"
    tried = script(f"import lib\n{step}step(None, x)\nlib.Engine(step)\n")
    once = script(f"{step}step(None, x)\n")
    assert [trains(tried.run, each) for each in tried.updates] == [True]
    assert [trains(once.run, each) for each in once.updates] == [False]


def test_a_step_in_a_function_of_a_function_that_nothing_here_calls() -> None:
    step = "    def step(engine, batch):\n        a(x).sum().backward()\n        oa.step()\n"
    text = f"import lib\ndef main():\n{step}    lib.Engine(step)\nlib.run(main)\n"
    found = script(text)
    assert [trains(found.run, each) for each in found.updates] == [True]


def test_optimizers_of_one_model_share_its_gradients() -> None:
    loop = "for _ in range(3):\n    oc.zero_grad()\n    a(x).sum().backward()\n    oa.step()\n"
    text = f"oc = optim.Adam(a.parameters())\n{loop}"
    (update,) = script(text).updates
    assert update.may_be_cleared


def test_a_loop_that_always_ends_does_not_repeat() -> None:
    (update,) = script("while True:\n    a(x).sum().backward()\n    oa.step()\n    break\n").updates
    assert update.loop is None


@pytest.mark.parametrize(
    ("body", "line", "after", "code"),
    [
        ("a(x).sum().backward()\noa.step()", 2, False, "oa.zero_grad()"),
        ("for m in range(2):\n    a(x).sum().backward()\noa.step()", 2, False, "oa.zero_grad()"),
        ("a(x).sum().backward()\nif i % 4 == 0:\n    oa.step()", 4, True, "oa.zero_grad()"),
        ("a(x).sum().backward()\nif ready:\n    oa.step()", 4, True, "oa.zero_grad()"),
        ("a(x).sum().backward()\nif torch.isfinite(x):\n    oa.step()", 2, False, "oa.zero_grad()"),
        ("a(x).sum().backward()\nif i % 4:\n    continue\noa.step()", 5, True, "oa.zero_grad()"),
        ("oa.step()\na(x).sum().backward()", 2, True, "oa.zero_grad()"),
        ("a(x).sum().backward()\nfor o in [oa, ob]:\n    o.step()", 2, False, "for o in [oa, ob]:\n    o.zero_grad()"),
        ("a(x).sum().backward()\no = oa\no.step()", 4, True, "o.zero_grad()"),
        ("if ok:\n    a(x).sum().backward()\nelse:\n    a(x).mean().backward()\noa.step()", 2, False, "oa.zero_grad()"),
    ],
)
def test_where_a_clear_goes(body: str, line: int, after: bool, code: str) -> None:
    text = "for i in range(3):\n" + "".join(f"    {each}\n" for each in body.splitlines())
    source = script(text)
    place = place_for_clear(source, source.updates[0])
    assert place is not None
    assert (place.anchor.lineno - HEAD.count("\n"), place.after, place.code) == (line, after, code)


def test_the_top_of_the_body_where_the_file_has_it_there() -> None:
    text = """\
    for _ in range(3):
        ob.zero_grad()
        b(x).sum().backward()
        ob.step()
    for _ in range(3):
        y = a(x)
        y.sum().backward()
        oa.step()
    """
    source = script(text)
    place = place_for_clear(source, source.updates[1])
    assert place is not None and place.anchor.lineno - HEAD.count("\n") == 6


def test_an_average_of_weights_clears_no_gradients() -> None:
    text = """\
    average = list(b.parameters())
    for _ in range(3):
        a(x).sum().backward()
        oa.step()
        torch._foreach_{}_({}, 0.9)
    """
    assert [each.may_be_cleared for each in script(text.format("mul", "average")).updates] == [False]
    assert [each.may_be_cleared for each in script(text.format("zero", "gradients")).updates] == [True]


@pytest.mark.parametrize(
    ("names", "steps"), [("optimizer, scheduler", [5]), ("one, other", [5]), ("opt_g, opt_d", [5, 6])]
)
def test_what_a_builder_of_optimizers_gives_back_may_be_a_schedule(names: str, steps: list[int]) -> None:
    first, second = names.split(", ")
    text = f"""\
    {names} = build_optimizer(a)
    for _ in range(3):
        {first}.zero_grad()
        a(x).sum().backward()
        {first}.step()
        {second}.step()
    """
    assert list(lines(text)) == steps
