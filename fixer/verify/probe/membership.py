"""Parameters that take part and learn, and that no optimizer has: replaced layers, layers kept in plain lists.

Leaving parameters out of an optimizer is no defect by itself: training only the head of a network does just that. So
each of the two symptoms asks for a second fact: that the optimizer holds weights that nothing uses any more, or that
the model keeps the layers where `parameters()` does not look.
"""

from __future__ import annotations

import weakref
from typing import Any, Dict, Iterator, List, Set, Tuple

import torch

from .record import Recorder
from .training import Owner, Steps, has_content
from .updates import sample

FIRST_STEP, LAST_STEP = 1, 4
"""The steps of an optimizer, counted from 0, at which is looked."""
EARLY = 200
"""Steps, of whatever optimizers, in which it is noted who uses what."""
EVIDENCE = 2
MOST_ROOTS = 30
MOST_LOOSE = 3000
OWN_OF_MODULE = frozenset(vars(torch.nn.Module()))


class Membership:
    """Who uses which parameters, and who trains them."""

    def __init__(self, recorder: Recorder, steps: Steps) -> None:
        self.recorder = recorder
        self.steps = steps
        self.roots: Dict[int, Any] = {}
        self.used: Set[int] = set()
        """Of the parameters of optimizers, those that a forward pass has used."""
        self.loose: Dict[int, Any] = {}
        """Those that a forward pass has used and no optimizer had then."""
        self.looks: Dict[str, int] = {}
        self.seen: Dict[Tuple[str, int], Suspect] = {}
        recorder.on_model.append(self.model_called)
        recorder.last_checks.append(self.at_end)
        steps.before_step.append(self.before_step)

    def model_called(self, module: Any) -> None:
        if torch.is_grad_enabled() and id(module) not in self.roots and len(self.roots) < MOST_ROOTS:
            self.roots[id(module)] = weakref.ref(module)

    def module_called(self, module: Any, _inputs: Any) -> None:
        """Every module, before it runs: it must cost next to nothing."""
        parameters = module._parameters
        if not parameters or not self.recorder.active or not torch.is_grad_enabled():
            return
        weights = self.steps.weights
        early = self.recorder.steps <= EARLY
        for parameter in parameters.values():
            weight = weights.get(id(parameter))
            if weight is not None:
                for owner in weight.owners:
                    owner.last_forward = self.recorder.clock + 0.5  # behind all that has happened
                if not early:
                    return
                self.used.add(id(parameter))
            elif parameter is not None and early and parameter.requires_grad and len(self.loose) < MOST_LOOSE:
                known = self.loose.get(id(parameter))
                if known is None or known() is None:
                    self.loose[id(parameter)] = weakref.ref(parameter)

    def before_step(self, optimizer: Any, owner: Owner, _present: List[Any]) -> None:
        if owner.closure or not FIRST_STEP <= owner.steps <= LAST_STEP or self.recorder.steps > EARLY:
            return
        roots = [root for root in (reference() for reference in self.roots.values()) if root is not None]
        registered = {id(p) for root in roots for p in root.parameters()}
        self._replaced(optimizer, registered)
        if any(id(p) in self.steps.weights for root in roots for p in root.parameters()):
            self._hidden(roots, registered)

    def _replaced(self, optimizer: Any, registered: Set[int]) -> None:
        orphans = [
            p
            for group in optimizer.param_groups
            for p in group["params"]
            if p.requires_grad and id(p) not in self.used and id(p) not in registered and not has_content(p.grad)
        ]
        loose = [p for p in (reference() for reference in self.loose.values()) if p is not None]
        forgotten = [p for p in loose if self._learns_in_vain(p) and any(alike(p, orphan) for orphan in orphans)]
        self._look("unoptimized-parameters", forgotten)

    def _hidden(self, roots: List[Any], registered: Set[int]) -> None:
        hidden = {
            id(p): p
            for root in roots
            for module in root.modules()
            for name, value in vars(module).items()
            if name not in OWN_OF_MODULE
            for p in parameters_in(value)
            if id(p) not in registered and self._learns_in_vain(p)
        }
        self._look("unregistered-parameters", list(hidden.values()))

    def _learns_in_vain(self, parameter: Any) -> bool:
        return (
            id(parameter) not in self.steps.weights
            and parameter.requires_grad
            and parameter.is_leaf
            and has_content(parameter.grad)
        )

    def _look(self, name: str, suspects: List[Any]) -> None:
        self.looks[name] = self.looks.get(name, 0) + 1
        for parameter in suspects:
            found = self.seen.get((name, id(parameter)))
            if found is None:
                found = self.seen[name, id(parameter)] = Suspect(parameter, self.recorder.steps + 1)
            found.times += 1

    def at_end(self) -> None:
        for name, looks in self.looks.items():
            if looks < EVIDENCE:
                continue
            guilty = [each for (other, _), each in self.seen.items() if other == name and self._is_left_behind(each)]
            tally = self.recorder.check(name, bool(guilty), step=min((each.first for each in guilty), default=None))
            if guilty:
                where = {
                    "unoptimized-parameters": "no optimizer has them, and one has others that nothing uses",
                    "unregistered-parameters": "they lie in a plain attribute, where parameters() does not look",
                }[name]
                tally.detail = "{} tensors get gradients and never change: {}.".format(len(guilty), where)

    def _is_left_behind(self, suspect: "Suspect") -> bool:
        parameter = suspect.parameter
        return (
            suspect.times >= EVIDENCE
            and id(parameter) not in self.steps.weights
            and torch.equal(sample(parameter), suspect.values)
        )


class Suspect:
    """A parameter that gets gradients and has no optimizer."""

    def __init__(self, parameter: Any, first: int) -> None:
        self.parameter = parameter
        self.values = sample(parameter)
        self.first = first
        self.times = 0


def alike(parameter: Any, orphan: Any) -> bool:
    """Whether one may have taken the place of the other: a layer of the same kind, with one side in common."""
    if parameter.dim() != orphan.dim() or parameter.dim() < 2:
        return parameter.shape == orphan.shape  # type: ignore[no-any-return]
    return any(one == other for one, other in zip(parameter.shape, orphan.shape))


def parameters_in(value: Any, depth: int = 2) -> Iterator[Any]:
    """The trainable tensors in a plain attribute of a module: a tensor, or modules and tensors in lists and dicts."""
    if isinstance(value, torch.Tensor):
        if value.requires_grad and value.is_leaf:
            yield value
    elif isinstance(value, torch.nn.Module):
        yield from value.parameters()
    elif depth and isinstance(value, (list, tuple, dict)) and len(value) < 1000:
        for part in value.values() if isinstance(value, dict) else value:
            yield from parameters_in(part, depth - 1)


def install(recorder: Recorder) -> None:
    """Look at every module that has parameters, when it is called."""
    membership = Membership(recorder, recorder.training)
    torch.nn.modules.module.register_module_forward_pre_hook(membership.module_called)
