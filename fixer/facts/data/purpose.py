"""What a program says it is about, where that makes random evaluation data right."""

from __future__ import annotations

import re

# Words by which a program says that random evaluation data, or several views of one sample, are what it is about.
_ON_PURPOSE = re.compile(
    r"\btta\b|tta_|_tta|test.?time.?aug|robust|corrupt|perturb|ten_?crop|n_?views|num_views|multi.?view|two_?crop|"
    r"contrastive|self.?supervis|denois|mixmatch|fixmatch|consistency|simclr|byol|moco|simsiam|barlow|"
    # a remark that says so: "we apply a random rotation to the test set"
    r"#[^\n]*\brandom[^\n]*(?:\n\s*#[^\n]*)?\bto (?:the|our) (?:test|validation|evaluation) (?:set|data|images)"
)
_VIEWS = re.compile(
    r"simclr|byol|moco|simsiam|barlow|contrastive|self.?supervis\w*|n_views|num_views|multi.?view|two_?crop|consistency"
)
_WORKS = re.compile(r"simclr|byol|moco|simsiam|barlow")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_ATTACKS = re.compile(r"adversarial|fgsm|\bpgd\b")
_OF_ATTACKS = re.compile(r"robust\w*|perturb\w*")
_COMMENT = re.compile(r"(?m)^\s*#.*$")


def random_on_purpose(text: str) -> bool:
    """Whether a program (in lower case) is about random evaluation data or several views of a sample.

    Comments and texts name the works of others, too; attacks perturb samples by gradients, not at random.
    """
    if _ON_PURPOSE.search(text) is None:
        return False
    if _WORKS.search(_QUOTED.sub("", _COMMENT.sub("", text))) is not None:
        return True
    text = _OF_ATTACKS.sub("", text) if _ATTACKS.search(text) else text
    return _ON_PURPOSE.search(_WORKS.sub("", text)) is not None


def only_of_views(text: str) -> bool:
    """Whether what a program (in lower case) does on purpose is at most to train on several views of a sample."""
    return _ON_PURPOSE.search(_VIEWS.sub("", text)) is None
