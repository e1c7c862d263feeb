"""What Lightning and Ignite hand to the models of a program."""

from textwrap import dedent

import pytest

from fixer.facts.modules.layer_calls import layer_calls
from fixer.facts.script import Script

IMPORTS = """
import torch, lightning as L
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from ignite.engine import Engine, create_supervised_trainer

pairs = DataLoader(TensorDataset(torch.randn(64, 8), torch.randn(64, 1)), batch_size=8)
"""
MODULE = """
class Lit(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(7, 1)

    def training_step(self, batch, batch_idx):
        x, y = batch
        return nn.functional.mse_loss(self.net(x), y)
"""


def inputs(text: str) -> list[int | None]:
    """The features that each Linear is given, where that is certain."""
    calls = layer_calls(Script.parse(IMPORTS + dedent(text)))
    return [each.input.features for each in calls if each.certain and each.input is not None and each.input.shape]


def test_a_trainer_hands_the_loader_to_the_training_step() -> None:
    assert inputs(MODULE + "L.Trainer(max_epochs=1).fit(Lit(), pairs)\n") == [8]


def test_a_module_may_make_its_loader_itself() -> None:
    own = "    def train_dataloader(self):\n        return pairs\n"
    assert inputs(MODULE + own) == [8]
    assert inputs(MODULE + own + "L.Trainer().fit(Lit())\n") == [8]


def test_a_data_module_makes_loaders() -> None:
    data = "class Data(L.LightningDataModule):\n    def train_dataloader(self):\n        return pairs\n"
    assert inputs(MODULE + data + "L.Trainer().fit(Lit(), datamodule=Data())\n") == [8]


def test_a_tensor_is_a_dataset_of_its_rows() -> None:
    text = "rows = torch.arange(64.).view(-1, 4)\nfor x in DataLoader(rows, batch_size=8):\n    nn.Linear(5, 1)(x)\n"
    assert inputs(text) == [4]


@pytest.mark.parametrize(
    "wrapped",
    [
        "copy.deepcopy(net)",
        "GradSampleModule(net)",
        "DDP(net)",
        "apply_fsdp(net, mesh)",
        "torch.jit.script(net)",
        "layer_init(net, 2)",
    ],
)
def test_what_spreads_or_copies_a_model_hands_on_what_it_is_given(wrapped: str) -> None:
    names = "import copy\nfrom lib import GradSampleModule, DDP, apply_fsdp, layer_init\n"
    assert inputs(f"{names}net = nn.Linear(5, 1)\nmodel = {wrapped}\nmodel(torch.randn(2, 4))\n") == [4]


def test_other_wrappers_may_do_anything() -> None:
    assert inputs("from lib import Wrapper\nWrapper(nn.Linear(5, 1))(torch.randn(2, 4))\n") == []


def test_nothing_is_known_of_data_out_of_sight() -> None:
    assert inputs(MODULE + "L.Trainer().fit(Lit(), loader())\n") == []


def test_hooks_may_change_the_batches() -> None:
    hook = "    def on_after_batch_transfer(self, batch, index):\n        return change(batch)\n"
    assert inputs(MODULE + hook + "L.Trainer().fit(Lit(), pairs)\n") == []


def test_an_awaited_failure_says_nothing() -> None:
    assert inputs(MODULE + "with pytest.raises(RuntimeError):\n    L.Trainer().fit(Lit(), pairs)\n") == []


@pytest.mark.parametrize(
    "trainer",
    [
        "create_supervised_trainer(model, optimizer, loss)",
        "Engine(lambda engine, batch: loss(model(batch[0]), batch[1]))",
    ],
)
def test_engines_of_ignite_hand_batches_to_a_model_or_a_function(trainer: str) -> None:
    text = f"model = nn.Linear(7, 1)\ntrainer = {trainer}\ntrainer.run(pairs, max_epochs=3)\n"
    assert inputs(text) == [8]


def test_an_engine_may_prepare_its_batches() -> None:
    trainer = "create_supervised_trainer(model, optimizer, loss, prepare_batch=prepare)"
    assert inputs(f"model = nn.Linear(7, 1)\ntrainer = {trainer}\ntrainer.run(pairs)\n") == []
