"""Sets of mends: proved together, taken apart only where that fails."""

from __future__ import annotations

from collections.abc import Sequence

from fixer.verify import Confirmation, Expectation, Verdict, VerdictKind, confirm
from fixer.verify.confirm import combine
from fixer.verify.symptoms import Presence, Sighting, SymptomChange

ABSENT = Sighting(Presence.ABSENT, 0, 5)
SHOWN = Sighting(Presence.SHOWN, 5, 5)


class Program:
    """A text is the set of its fixes. Bad fixes regress, some need another one, the rest mend their symptom."""

    def __init__(self, bad: str = "", idle: str = "", needs: dict[str, str] | None = None) -> None:
        self.bad, self.idle, self.needs = bad, idle, needs or {}
        self.proofs: list[tuple[str, str]] = []

    def prove(self, before: str | bytes, after: str | bytes, _: Expectation) -> Verdict:
        assert isinstance(before, str) and isinstance(after, str)
        self.proofs.append((before, after))
        new = set(after) - set(before)
        if new & set(self.bad) or any(self.needs.get(fix, fix) not in after for fix in after):
            return Verdict(VerdictKind.REGRESSED, "worse")
        gone = tuple(SymptomChange(fix, SHOWN, ABSENT) for fix in sorted(new) if fix not in self.idle)
        return Verdict(VerdictKind.IMPROVED if gone else VerdictKind.EQUIVALENT, "told", symptoms=gone)

    def settle(self, fixes: Sequence[str], unsafe: str = "") -> Confirmation[str]:
        return confirm(
            "",
            fixes,
            apply="".join,
            prove=self.prove,
            expect=lambda fix: Expectation((fix,)),
            must_improve=lambda fix: fix in unsafe,
        )


def test_a_good_set_takes_one_proof() -> None:
    program = Program()
    found = program.settle("abcd", unsafe="b")
    assert found.text == "abcd"
    assert found.kept == tuple("abcd")
    assert program.proofs == [("", "abcd")]


def test_a_bad_fix_is_dropped_and_the_others_kept() -> None:
    found = Program(bad="c").settle("abcde")
    assert found.text == "abde"
    assert [each.fix for each in found.dropped] == ["c"]
    assert found.dropped[0].reason == "regressed: worse"


def test_a_fix_that_needs_a_later_one_gets_a_second_chance() -> None:
    found = Program(bad="b", needs={"a": "c"}).settle("abcd")
    assert found.text == "acd"


def test_an_unsafe_fix_must_show_what_it_mends() -> None:
    found = Program(idle="bc").settle("abc", unsafe="b")
    assert found.text == "ac"
    assert found.settled[1].reason.startswith("equivalent")


def test_nothing_to_confirm_runs_nothing() -> None:
    program = Program()
    assert program.settle("").text == ""
    assert program.proofs == []


def test_expectations_combine_to_the_vaguest() -> None:
    lower, either = Expectation(("a",), "lower"), Expectation(("b",), "either")
    other = Expectation(("c",), "not-comparable")
    assert combine([lower, lower]) == lower
    assert combine([lower, either]) == Expectation(("a", "b"), "either")
    assert combine([lower, either, other]).loss == "not-comparable"
    assert combine([lower, Expectation(("d",), "same")]).loss is None
