"""Programs that nobody wrote, made of those of the corpus and of a grammar: check and fix stay whole on all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fixer import registry
from fixer.rule import Rule
from tests import corpus
from tests.invariants import as_bytes, broken
from tests.mutations import mutated
from tests.programs import programs

HERE = Path(__file__).with_name("program.py")
fixed_sample = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@cache
def seeds() -> tuple[str, ...]:
    """The programs of the corpus, the right ones too."""
    faulty = [case.before for case in corpus.cases()]
    return (*faulty, *(path.read_text(encoding="utf-8") for path in corpus.clean()))


@cache
def every_rule() -> tuple[Rule, ...]:
    """All rules, each of them on every text, whatever words are in it."""
    return tuple(replace(rule, needs=("",)) for rule in registry.rules())


@fixed_sample
@given(st.integers(0, 2**32), st.integers(0, 10_000), st.integers(1, 12))
def test_programs_of_the_corpus_changed_at_random(seed: int, which: int, times: int) -> None:
    text = mutated(seeds()[which % len(seeds())], Random(seed), times)
    assert broken(as_bytes(text), HERE, every_rule()) == [], text


@fixed_sample
@given(programs(), st.integers(0, 2**32), st.integers(0, 6))
@example("", 0, 0)
@example("\\\n", 0, 0)
@example("\f", 0, 0)
@example("x = 1;", 0, 0)
def test_programs_of_a_grammar(text: str, seed: int, times: int) -> None:
    text = mutated(text, Random(seed), times)
    assert broken(as_bytes(text), HERE, every_rule()) == [], text
