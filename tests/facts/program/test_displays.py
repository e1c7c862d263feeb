"""Dicts that a comprehension makes for keys which the file writes out."""

from __future__ import annotations

import pytest

from fixer.facts.program.values import Literal, Made, Mapping
from fixer.facts.script import Script

TEXT = """
from torchvision import datasets
chosen = {"train": 1, "val": 2}
splits = ["train", "val"]
"""


@pytest.mark.parametrize("keys", ["['train', 'val']", "('train', 'val')", "splits"])
def test_each_entry_is_made_of_its_own_key(keys: str) -> None:
    text = f"{TEXT}found = {{k: datasets.ImageFolder('x', chosen[k]) for k in {keys}}}\n"
    found = Script.parse(text).run.module.get("found")
    assert isinstance(found, Mapping)
    given = {key: each.arguments.positional[1] for key, each in found.items.items() if isinstance(each, Made)}
    assert {key: each.value for key, each in given.items() if isinstance(each, Literal)} == {"train": 1, "val": 2}


@pytest.mark.parametrize("made", ["{k: 1 for k in names}", "{k: 1 for k in ['a', 'b'] if k != skipped}"])
def test_keys_out_of_sight_leave_the_dict_open(made: str) -> None:
    found = Script.parse(f"from where import names, skipped\nfound = {made}\n").run.module.get("found")
    assert isinstance(found, Mapping)
    assert not found.complete
