"""What libraries make of a model: the module around it is called, trained and switched in its place."""

import textwrap

import pytest

from fixer.engine import check_source
from fixer.registry import rules
from fixer.results import Found

PROGRAM = """
    import torch
    from torch import nn
    from torch.utils.data import DataLoader
    from data import train_set, test_set
    {imports}

    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    train_loader = DataLoader(train_set, batch_size=8, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=8)
    {wraps}

    for epoch in range(3):
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(engine(x), y)
            {trains}
        engine.eval()
        for x, y in test_loader:
            print((engine(x).argmax(1) == y).sum().item())
        engine.train()
"""

DEEPSPEED = (
    "import deepspeed",
    "engine, _, _, _ = deepspeed.initialize(model=net, model_parameters=net.parameters())",
    "engine.backward(loss); engine.step()",
)
OPACUS = (
    "from opacus import PrivacyEngine",
    "engine, optimizer, train_loader = PrivacyEngine().make_private("
    "module=net, optimizer=optimizer, data_loader=train_loader, noise_multiplier=1.0, max_grad_norm=1.0)",
    "loss.backward(); optimizer.step()",
)


@pytest.mark.parametrize(("imports", "wraps", "trains"), [DEEPSPEED, OPACUS], ids=["deepspeed", "opacus"])
def test_an_engine_is_evaluated_like_the_model_in_it(imports: str, wraps: str, trains: str) -> None:
    text = textwrap.dedent(PROGRAM).format(imports=imports, wraps=wraps, trains=trains)
    result = check_source(text, path="train.py", rules=list(rules()), edits=False)
    assert isinstance(result, Found)
    assert [each.rule for each in result.diagnostics] == ["missing-no-grad"]
