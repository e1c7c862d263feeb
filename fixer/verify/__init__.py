"""The proof: run a program before and after a change, and say what changed in the way it trains.

`verify` judges two texts, `confirm` a set of mends, `fixer.verify.report` prints what they found. Only this package
runs user code; it imports nothing else of fixer.
"""

from fixer.verify.confirm import Confirmation, Settled, confirm
from fixer.verify.session import verify
from fixer.verify.store import Store
from fixer.verify.symptoms import Expectation, LossEffect
from fixer.verify.trial import Budget
from fixer.verify.verdict import Verdict, VerdictKind

__all__ = [
    "Budget",
    "Confirmation",
    "Expectation",
    "LossEffect",
    "Settled",
    "Store",
    "Verdict",
    "VerdictKind",
    "confirm",
    "verify",
]
