"""The rules on programs whose defects are known: what they find, how they mend it, and where they are silent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fixer import registry
from fixer.engine import check_source, fix_source
from fixer.results import Clean, Fixed, Found, Result
from fixer.rule import Safety
from fixer.source import Lines
from tests import corpus
from tests.variants import VARIANTS, Variant

CASES = corpus.cases()
CLEAN = corpus.clean()

# One of each rule; bench/corpus_verdicts.py runs them all. In argparse_main the faulty loop trains faster.
PROVED = (
    "augmented-evaluation/random_test_pipeline",
    "bad-initialisation/every_parameter_filled",
    "batch-size-mismatch/one-batch-by-hand",
    "batchwise-augmentation/flip-in-the-loop",
    "channel-mismatch/smoke_test_with_grey_data",
    "channels-last-sample/tensor-dataset-of-images",
    "dataloader-transform/dataset-built-inline",
    "dtype-mismatch/integers-into-bce",
    "excessive-learning-rate/adam_plain_script",
    "hard-coded-batch-size/reshape-by-constant",
    "linear-shape-mismatch/hidden_layers_of_different_size",
    "misaligned-split/inputs_permuted_only",
    "misplaced-zero-grad/plain_script",
    "missing-eval-mode/final_test",
    "missing-flatten/nested_calls_in_forward",
    "missing-optimizer-step/function_with_clipping",
    "missing-no-grad/plain_script",
    "missing-to-pil-image/lone-resize",
    "missing-to-tensor/mnist-without-transform",
    "missing-train-mode/early_stopping",
    "missing-zero-grad/argparse_main",
    "overlapping-split/plain_slices",
    "retained-loss-graph/plain_script",
    "saturating-activation/deep_plain_script",
    "step-before-backward/plain_script",
    "transform-order/bytes-normalised",
    "uneven-loaders/other_number_plain",
    "unpaired-augmentation/pil-mirrored",
    "unshuffled-training-loader/notebook_numpy",
    "zip-of-shuffled-loaders/tensors_plain_script",
)

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def found(result: Result) -> set[tuple[str, int]]:
    """What was found, as rule and line. A file that could not be done is no answer, so it fails here."""
    assert isinstance(result, Clean | Found), result
    return {(d.rule, d.start.line) for d in result.diagnostics} if isinstance(result, Found) else set()


def mended(text: str, case: corpus.Case) -> str:
    if case.alternative is not None:
        return chosen(text, case.alternative)
    result = fix_source(text.encode(), path="before.py", unsafe=case.unsafe)
    assert isinstance(result, Fixed), result
    return result.fixed


def chosen(text: str, alternative: int) -> str:
    """The text with one of the alternatives of its only finding, as an editor applies it."""
    result = check_source(text.encode(), path="before.py")
    assert isinstance(result, Found), result
    (diagnostic,) = result.diagnostics
    lines = Lines(text)
    for edit in sorted(diagnostic.alternatives[alternative].edits, key=lambda edit: edit.start, reverse=True):
        text = text[: lines.offset(edit.start)] + edit.content + text[lines.offset(edit.end) :]
    return text


def test_every_rule_has_cases_and_every_case_a_rule() -> None:
    """Silence proves nothing where a rule was not even loaded."""
    loaded = registry.load()
    assert not loaded.errors
    assert {rule.name for rule in loaded.rules} == {case.rule for case in CASES}


def test_a_run_proves_one_mend_at_least_of_every_rule() -> None:
    """Suggestions aside: of those a short run says nothing."""
    wanted = {rule.name for rule in registry.rules() if rule.safety is not Safety.SUGGESTION}
    assert {each.partition("/")[0] for each in PROVED} == wanted
    assert set(PROVED) <= {case.id for case in CASES}


@each_case
def test_exactly_this_rule_fires_on_exactly_the_marked_lines(case: corpus.Case) -> None:
    expected = {(case.rule, line) for line in case.lines}
    assert found(check_source(case.before.encode(), path="before.py")) == expected


@each_case
def test_the_mend_is_the_one_a_careful_engineer_made(case: corpus.Case) -> None:
    assert mended(case.before, case) == case.after
    compile(case.before, "before.py", "exec")
    compile(case.after, "after.py", "exec")


@each_case
def test_the_mended_program_is_clean_and_stays_as_it_is(case: corpus.Case) -> None:
    assert found(check_source(case.after.encode(), path="after.py")) == set()
    assert not isinstance(fix_source(case.after.encode(), path="after.py", unsafe=True), Fixed)


@pytest.mark.parametrize("case", [case for case in CASES if case.alternative is not None], ids=lambda case: case.id)
def test_an_alternative_is_never_made_unasked(case: corpus.Case) -> None:
    assert not isinstance(fix_source(case.before.encode(), path="before.py", unsafe=True), Fixed)


@pytest.mark.parametrize("case", [case for case in CASES if case.unsafe], ids=lambda case: case.id)
def test_an_unsafe_mend_is_not_made_unasked(case: corpus.Case) -> None:
    assert not isinstance(fix_source(case.before.encode(), path="before.py", unsafe=False), Fixed)


@pytest.mark.parametrize("way", VARIANTS)
@each_case
def test_found_and_mended_however_it_is_written(case: corpus.Case, way: str) -> None:
    variant = VARIANTS[way](case.before)
    if variant is None:  # this way of writing does not exist for this program
        return
    assert found(check_source(variant.text.encode(), path="before.py")) == _moved(case, variant)
    fixed = mended(variant.text, case)
    compile(fixed, "fixed.py", "exec")
    assert found(check_source(fixed.encode(), path="fixed.py")) == set()


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_nothing_is_found_in_a_program_that_is_right(path: Path) -> None:
    data = path.read_bytes()
    assert found(check_source(data, path=path.name)) == set()
    assert not isinstance(fix_source(data, path=path.name, unsafe=True), Fixed)


@pytest.mark.parametrize("way", VARIANTS)
def test_nothing_is_found_however_a_right_program_is_written(way: str) -> None:
    variants = {path.name: VARIANTS[way](path.read_text(encoding="utf-8")) for path in CLEAN}
    alarms = {name: found(check_source(each.text, path=name)) for name, each in variants.items() if each is not None}
    assert alarms and not {name: each for name, each in alarms.items() if each}


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_a_look_alike_says_in_its_first_line_why_it_is_right(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# ") and len(first.split()) > 5


@pytest.mark.proof
@pytest.mark.parametrize("case", [case for case in CASES if case.id in PROVED], ids=lambda case: case.id)
def test_the_run_gives_the_declared_verdict(case: corpus.Case) -> None:
    command = [sys.executable, "-m", "fixer", "verify", "before.py", "after.py", "--format", "json", "--", *case.args]
    run = subprocess.run(command, cwd=case.folder, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["verdict"] == case.verdict


def _moved(case: corpus.Case, variant: Variant) -> set[tuple[str, int]]:
    return {(case.rule, variant.lines[line]) for line in case.lines}
