"""missing-eval-mode where one loop both trains and evaluates."""

from __future__ import annotations

import pytest

from fixer.codemods.evaluation.missing_eval_mode import missing_eval_mode
from fixer.engine import check_source
from fixer.results import Clean, Found

SHARED = b"""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
val_set = TensorDataset(torch.randn(64, 4), torch.randint(0, 2, (64,)))
train_set = TensorDataset(torch.randn(64, 4), torch.randint(0, 2, (64,)))
model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def run_epoch(loader, optimizer=None):
    hits = 0
    for x, y in loader:
        out = model(x)
        loss = criterion(out, y)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        hits += (out.argmax(1) == y).sum().item()
    return hits


for epoch in range(3):
    run_epoch(DataLoader(train_set, 16, shuffle=True), optimizer)
    print(run_epoch(DataLoader(val_set, 16)))
"""


def test_a_loop_that_trains_on_another_way_is_not_switched_to_evaluation() -> None:
    result = check_source(SHARED, rules=[missing_eval_mode])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]


READ_AGAIN = b"""
import torch
import pytorch_lightning as pl
from torch import nn


class Lit(pl.LightningModule):
    def __init__(self, width=8):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, width), nn.Dropout(0.5), nn.Linear(width, 2))

    def forward(self, x):
        return self.net(x)


trainer = pl.Trainer()
trainer.fit(Lit(), data)
best = Lit.load_from_checkpoint(trainer.checkpoint_callback.best_model_path)
for x, y in data.test_dataloader():
    with torch.no_grad():
        print((best(x).argmax(1) == y).float().mean())
"""


def test_a_lightning_module_that_was_read_again_is_in_training_mode() -> None:
    assert isinstance(check_source(READ_AGAIN, rules=[missing_eval_mode]), Found)
    switched = READ_AGAIN.replace(b"for x, y", b"best.eval()\nfor x, y")
    assert isinstance(check_source(switched, rules=[missing_eval_mode]), Clean)


NAMED_WHERE_IT_IS_DRAWN_FROM = b"""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets


def batches(train=True):
    train_loader = DataLoader(datasets.MNIST(".", train=train), 64, shuffle=train)
    return train_loader, len(train_loader)


training_data, training_size = batches()
validation_data, validation_size = batches(train=False)
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 8), nn.BatchNorm1d(8), nn.Linear(8, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    model.train()
    for x, y in training_data:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    total = 0
    for x, y in validation_data:
        total += nn.functional.cross_entropy(model(x), y).item()
"""


def test_what_a_loop_calls_its_loader_says_more_than_its_name_where_it_was_made() -> None:
    result = check_source(NAMED_WHERE_IT_IS_DRAWN_FROM, rules=[missing_eval_mode])
    assert isinstance(result, Found)
    assert [each.start.line for each in result.diagnostics] == [24]


CHOSEN = """
import torch
import timm, torchvision, transformers
import segmentation_models_pytorch as smp
from torch import nn
from torch.utils.data import DataLoader
from torchvision import models
from data import train_set, val_set
train_loader, val_loader = DataLoader(train_set, 32, shuffle=True), DataLoader(val_set, 32)
model = {model}
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
for epoch in range(10):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        for x, y in val_loader:
            print((model(x).argmax(1) == y).sum().item())
"""


@pytest.mark.parametrize(
    ("model", "reported"),
    [
        ("models.__dict__[args.arch]()", True),
        ("getattr(models, args.arch)(pretrained=True)", True),
        ("torchvision.models.get_model('resnet50')", True),
        ("torchvision.models.get_model('vit_b_16')", False),
        ("timm.create_model('tf_efficientnet_b0')", True),
        ("timm.create_model('vit_base_patch16_224')", False),
        ("timm.create_model('vit_base_patch16_224', drop_path_rate=0.1)", True),
        ("smp.Unet(encoder_name='resnet34', classes=2)", True),
        ("transformers.AutoModelForSequenceClassification.from_pretrained('bert-base-uncased')", True),
        ("transformers.AutoModelForCausalLM.from_pretrained('meta-llama/Llama-2-7b')", False),
        ("torch.hub.load('pytorch/vision', 'mobilenet_v3_small')", True),
        ("torch.compile(nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2)))", True),
    ],
)
def test_a_model_that_is_chosen_by_its_name_minds_as_that_one_does(model: str, reported: bool) -> None:
    result = check_source(CHOSEN.format(model=model), rules=[missing_eval_mode])
    assert isinstance(result, Found) is reported


OUT_OF_SIGHT = """
import torch
from torch import nn


def fit(model, train_loader, val_loader, epochs):
    opt = torch.optim.Adam(model.parameters())
    {before}
    for _ in range(epochs):
        {within}
        for x, y in train_loader:
            opt.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            opt.step()
        with torch.no_grad():
            for x, y in val_loader:
                print(nn.functional.mse_loss(model(x), y).item())
"""


@pytest.mark.parametrize(
    ("before", "within", "reported"),
    [("pass", "model.train()", True), ("model.train()", "pass", False), ("pass", "model.fit()", False)],
)
def test_a_model_that_the_epochs_switch_to_training_has_to_be_switched_back(
    before: str, within: str, reported: bool
) -> None:
    result = check_source(OUT_OF_SIGHT.format(before=before, within=within), rules=[missing_eval_mode])
    assert isinstance(result, Found) is reported
    if isinstance(result, Found):
        assert "if it has any" in result.diagnostics[0].message


FEATURES = b"""
import torch
from torch.utils.data import DataLoader
from torchvision import models

body = models.resnet18(weights=None)
features, features_test = [], []
for x, y in DataLoader(train_set, 32):
    features.append(body(x))
for x, y in DataLoader(test_set, 32):
    features_test.append(body(x))
torch.save((torch.cat(features), torch.cat(features_test)), "features.pt")
"""
ALONE = FEATURES.decode().replace("    features.append(body(x))\n", "    pass\n")


def test_features_of_two_sets_that_belong_together_are_not_made_in_two_modes() -> None:
    result = check_source(FEATURES, rules=[missing_eval_mode])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]
    result = check_source(ALONE, rules=[missing_eval_mode])
    assert isinstance(result, Found)
    assert [each.fix is not None for each in result.diagnostics] == [True]


def test_a_loop_that_itself_switches_to_training_gets_no_second_switch() -> None:
    told = ALONE.replace("    features_test.append", "    body.train()\n    features_test.append")
    result = check_source(told, rules=[missing_eval_mode])
    assert isinstance(result, Found)
    assert [each.fix for each in result.diagnostics] == [None]
