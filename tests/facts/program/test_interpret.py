"""The interpreter: which object is which, and what happens when."""

from textwrap import dedent

import pytest

from fixer.facts.program import machine
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.training import EventKind, Loop, ancestors, events
from fixer.facts.program.values import Choice, Items, Literal, Made, Part, Unknown, Value
from fixer.facts.script import Script

IMPORTS = "import torch\nfrom torch import nn, optim\nfrom torch.utils.data import DataLoader, TensorDataset\n"


def script(text: str) -> Script:
    return Script.parse(IMPORTS + dedent(text))


def variable(text: str, name: str) -> Value:
    return script(text).run.module.get(name)


def history(text: str) -> list[str]:
    """The training events, in order, as `kind` or `kind:detail`."""
    wanted = set(EventKind) - {EventKind.CALL, EventKind.MAKE, EventKind.DRAW, EventKind.JUMP}
    found = [event for root in script(text).run.roots for event in events(root, *wanted)]
    return [f"{event.kind}:{event.detail}" if event.detail else str(event.kind) for event in found]


def test_an_alias_is_the_same_object() -> None:
    run = script("a = optim.SGD([], lr=1)\nb = a\nc = [b, a][1]\nd = {'x': c}['x']").run
    assert run.module.get("a") is run.module.get("d")


def test_a_parameter_is_the_object_that_the_call_gives() -> None:
    found = script("def f(o, *rest, k=None):\n    return k\n\nx = nn.Linear(1, 1)\ny = f(1, 2, k=x)").run.module
    assert found.get("y") is found.get("x")


def test_arguments_forwarded_by_star_reach_the_inner_function() -> None:
    text = "def inner(a, b=None):\n    return b\ndef outer(*args, **kwargs):\n    return inner(*args, **kwargs)\n"
    found = script(text + "x = nn.Linear(1, 1)\ny = outer(0, b=x)").run.module
    assert found.get("y") is found.get("x")


def test_an_attribute_set_in_init_is_found_in_other_methods() -> None:
    text = """
    class Trainer:
        def __init__(self, model):
            self.opt = optim.Adam(model.parameters())
        def get(self):
            return self.opt
    found = Trainer(nn.Linear(1, 1)).get()
    """
    assert kind(variable(text, "found")) is Kind.OPTIMIZER


def test_inherited_methods_and_super_are_followed() -> None:
    text = """
    class Base:
        def __init__(self, lr):
            self.lr = lr
    class Child(Base):
        def __init__(self):
            super().__init__(0.5)
    lr = Child().lr
    """
    value = variable(text, "lr")
    assert isinstance(value, Literal) and value.value == 0.5


def test_assigned_under_a_branch_is_one_of_several() -> None:
    text = "if input():\n    o = optim.SGD([])\nelse:\n    o = optim.Adam([])"
    value = variable(text, "o")
    assert isinstance(value, Choice) and len(value.options) == 2
    assert kind(value) is Kind.OPTIMIZER


def test_agreeing_branches_leave_one_value() -> None:
    value = variable("x = 1\nif input():\n    y = 2\nelse:\n    y = 2", "y")
    assert isinstance(value, Literal) and value.value == 2


def test_what_a_loop_assigns_is_not_known_at_its_start() -> None:
    text = "x = 1\nseen = []\nfor _ in rows:\n    seen.append(x)\n    x = 2"
    seen = variable(text, "seen")
    assert isinstance(seen, Items) and isinstance(seen.each, Choice)
    assert any(isinstance(option, Unknown) for option in seen.each.options)


def test_a_test_on_an_argument_prunes_the_branch_not_taken() -> None:
    text = """
    def epoch(model, optimizer=None):
        loss = model(torch.ones(1)).sum()
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    epoch(nn.Linear(1, 1))
    """
    assert history(text) == ["forward"]


def test_a_module_level_flag_does_not_prune() -> None:
    assert "clear" in history("CLEAR = False\no = optim.SGD([])\nif CLEAR:\n    o.zero_grad()")


def test_elements_of_enumerate_and_zip_keep_their_identity() -> None:
    text = "a, b = optim.SGD([]), optim.SGD([])\nfor i, (x, y) in enumerate(zip([a], [b])):\n    pass"
    module = script(text).run.module
    assert isinstance(module.get("x"), Choice | Made)
    assert module.get("a") in (module.get("x"), *getattr(module.get("x"), "options", []))


def test_the_same_attribute_of_an_unknown_object_is_one_value() -> None:
    text = "def f(agent):\n    return [agent.opt, agent.opt, agent.other]\nfound = f(load())"
    items = variable(text, "found")
    assert isinstance(items, Items)
    assert items.items[0] is items.items[1] and items.items[0] is not items.items[2]
    assert isinstance(items.items[0], Part) and items.items[0].key == "opt"


def test_events_of_helpers_stand_in_the_loop_that_calls_them() -> None:
    text = """
    def update(loss, opt):
        loss.backward()
        opt.step()
    o = optim.SGD([])
    for batch in DataLoader(TensorDataset(torch.ones(4))):
        update(batch[0].sum(), o)
    """
    found = script(text).run
    (step,) = (event for root in found.roots for event in events(root, EventKind.STEP))
    assert step.subject is found.module.get("o")
    assert any(isinstance(node, Loop) for node in ancestors(step))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("o.zero_grad()", "clear"),
        ("m.zero_grad(set_to_none=True)", "clear"),
        ("for p in m.parameters():\n    p.grad = None", "clear:assigned"),
        ("for p in m.parameters():\n    p.grad.zero_()", "clear"),
        ("for p in m.parameters():\n    p.grad.data.zero_()", "clear"),
        ("clear = o.zero_grad\nclear()", "clear"),
        ("getattr(o, 'zero_grad')()", "clear"),
        ("list(map(lambda x: x.zero_grad(), [o]))", "clear"),
        ("[x.zero_grad() for x in (o,)]", "clear"),
        ("torch.autograd.backward(y)", "backward"),
        ("scaler = torch.amp.GradScaler()\nscaler.step(o)", "step"),
        ("o.step(lambda: 1)", "step:closure"),
        ("m.eval()", "mode:eval"),
        ("m.train(False)", "mode:eval"),
        ("m.train()", "mode:train"),
        ("optim.lr_scheduler.StepLR(o, 1).step()", "schedule"),
    ],
)
def test_known_calls_are_events(statement: str, expected: str) -> None:
    assert expected in history(f"m = nn.Linear(1, 1)\no = optim.SGD(m.parameters())\ny = m(1)\n{statement}")


@pytest.mark.parametrize(
    "statement",
    ["env = gym.make('x')\nenv.step(1)", "torch.distributed.autograd.backward(1, [y])", "torch.autograd.grad(y, [x])"],
)
def test_look_alikes_are_no_training_events(statement: str) -> None:
    assert not {"step", "backward", "clear"} & set(history(f"import gym\nx = torch.ones(1)\ny = x.sum()\n{statement}"))


def test_an_object_handed_to_code_out_of_sight_escapes_then_and_later() -> None:
    text = "import lib\no = optim.SGD([])\nhook = lib.Hook(o)\nfor _ in range(2):\n    hook.fire()"
    found = script(text).run
    o = found.module.get("o")
    escapes = [e for root in found.roots for e in events(root, EventKind.ESCAPE) if e.subject is o]
    assert [e.node.lineno - IMPORTS.count("\n") for e in escapes] == [3, 5]  # type: ignore[attr-defined]


def test_methods_of_a_class_that_nobody_instantiates_are_still_run() -> None:
    text = """
    class Agent:
        def __init__(self, optimizer):
            self.optimizer = optimizer
        def learn(self, loss):
            loss.backward()
            self.optimizer.step()
    """
    assert history(text) == ["backward", "step"]


def test_recursion_ends() -> None:
    assert script("def f(x):\n    return f(x)\nf(1)").run.complete


def test_a_file_that_does_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "FUEL", 50)
    found = script("o = optim.SGD([])\n" + "print(1)\n" * 100 + "for _ in x:\n    y.backward()\n    o.step()")
    assert not found.run.complete
    assert not found.updates and not list(found.calls("torch.optim.SGD"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("optim.AdamW([])", Kind.OPTIMIZER),
        ("optim.lr_scheduler.StepLR(o, 1)", Kind.SCHEDULER),
        ("torch.amp.GradScaler('cuda')", Kind.SCALER),
        ("torch.cuda.amp.GradScaler()", Kind.SCALER),
        ("nn.CrossEntropyLoss()", Kind.LOSS),
        ("nn.Sequential()", Kind.MODULE),
        ("DataLoader([])", Kind.LOADER),
        ("TensorDataset()", Kind.DATASET),
        ("torch.randn(3)", Kind.TENSOR),
        ("apex.optimizers.FusedAdam([])", Kind.OPTIMIZER),
        ("transformers.get_scheduler(o)", Kind.SCHEDULER),
        ("lib.build_optimizer(o)", Kind.OPTIMIZER),
        ("lib.load(o)", Kind.UNKNOWN),
        ("3", Kind.OTHER),
    ],
)
def test_kinds_by_constructor(expression: str, expected: Kind) -> None:
    assert kind(variable(f"import apex, lib, transformers\no = 1\nx = {expression}", "x")) is expected
