"""Backward passes and optimizer steps: the loss series, and whether each step used the gradients it should have."""

from __future__ import annotations

import functools
import math
from typing import Any, Callable, Dict, List, Optional

import torch

from . import backward, plain
from .record import Recorder

SMALL = 200_000
"""Optimizers with at most so many weights have their updates measured."""


class Weight:
    """One parameter: whether its gradient has been used by a step, and what has arrived since."""

    def __init__(self, parameter: Any) -> None:
        self.parameter = parameter
        self.used = False
        """A step has used the gradient, and nothing has arrived since."""
        self.carried = False
        """What arrived since the last step was added to a gradient that a step had used."""
        self.mark: Any = None
        """What `.grad` was when it was used: the object, and how often it had been written to."""
        self.arrived: Optional[torch.Tensor] = None
        """While carried: the sum of what arrived."""
        self.owners: List[Owner] = []
        self.node: Any = None

    def watch(self) -> None:
        """Listen where gradients arrive. A leaf's accumulation node runs after the user's own hooks, and not for
        `autograd.grad`, so it sees exactly what is added to `.grad`."""
        if isinstance(self.parameter, torch.nn.parameter.UninitializedParameter):
            return  # a lazy layer that has not seen data yet; the first step tries again
        with torch.enable_grad():
            view = self.parameter.view_as(self.parameter)
        if view.grad_fn is None:
            return
        node = view.grad_fn.next_functions[0][0]
        if node is not self.node:
            self.node = node
            node.register_prehook(self.arrives)

    def arrives(self, gradients: Any) -> None:
        gradient = gradients[0]
        if gradient is None or not self.owners or not self.owners[0].recorder.active:
            return
        with torch.no_grad():
            for owner in self.owners:
                if owner.arrivals == 0:
                    owner.first_arrival()
                owner.arrivals += 1
                owner.last_arrival = owner.recorder.tick()
                if not owner.any_arrived:
                    owner.any_arrived = has_content(gradient)
            if not (self.used or self.carried):
                return
            held = self.parameter.grad
            # Whoever rewrites a gradient between two steps (to decay it, say) means to carry it on.
            rewritten = self.used and held is not None and self.mark != mark_of(held)
            if rewritten or not has_content(held):
                self.used = self.carried = False
                self.arrived = None
            elif self.used:
                self.used, self.carried = False, True
                self.arrived = gradient.detach().clone()
            elif self.arrived is not None:
                self.arrived = self.arrived + gradient


class Owner:
    """One optimizer."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.arrivals = 0
        self.any_arrived = False
        self.depth = 0
        self.closure = False
        self.before: Optional[List[torch.Tensor]] = None
        self.steps = 0
        self.clears = 0
        """Calls of its `zero_grad`."""
        self.last_arrival = self.last_step = 0
        self.last_forward = 0.0
        """The recorder's clock at these events."""
        self.late = False
        """The last step used gradients, and a forward pass lay between their arrival and it."""

    def first_arrival(self) -> None:
        """Gradients arrive for the first time since the step: were they of a forward pass before that step?"""
        if not self.steps or self.closure:
            return
        shown = self.late and self.last_forward < self.last_step
        tally = self.recorder.check("gradient-of-earlier-step", shown, step=self.recorder.steps)
        if shown:
            tally.detail = (
                "At {} of {} steps the loss was computed before the step and back-propagated after it: "
                "the step used the gradients of the batch before."
            ).format(tally.shown, tally.checked)


def mark_of(gradient: Any) -> Any:
    return id(gradient), gradient._version


def has_content(gradient: Any) -> bool:
    """Whether a gradient is there and not all zeros."""
    if gradient is None:
        return False
    if gradient.is_sparse:
        gradient = gradient._values()
    return bool(gradient.any())


class Steps:
    """The global step hooks, and the weights and optimizers they have seen."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.weights: Dict[int, Weight] = {}
        self.owners: Dict[int, Owner] = {}
        self.kept: List[Any] = []
        self.before_step: List[Callable[[Any, Owner, List[Any]], None]] = []
        """Called with the optimizer, its owner and its parameters that have gradients."""
        self.after_step: List[Callable[[Any, Owner], None]] = []

    def owner(self, optimizer: Any) -> Owner:
        found = self.owners.get(id(optimizer))
        if found is None:
            found = self.owners[id(optimizer)] = Owner(self.recorder)
            self.kept.append(optimizer)
            self.recorder.optimizers += 1
        return found

    def adopt(self, optimizer: Any) -> None:
        """Watch every weight of the optimizer that is not watched yet."""
        owner = self.owner(optimizer)
        for parameter in parameters(optimizer):
            weight = self.weights.get(id(parameter))
            if weight is None:
                weight = self.weights[id(parameter)] = Weight(parameter)
            if owner not in weight.owners:
                weight.owners.append(owner)
            if parameter.requires_grad and parameter.is_leaf and (weight.node is None or self.recorder.steps < 3):
                weight.watch()

    def before(self, optimizer: Any, arguments: Any, options: Any) -> None:
        if not self.recorder.active:
            return
        owner = self.owner(optimizer)
        owner.depth += 1
        if owner.depth > 1:
            return  # a subclass that calls super().step()
        self.adopt(optimizer)
        owner.closure = any(callable(value) for value in (*arguments, *options.values()))
        recorder = self.recorder
        recorder.learning_rates.append(float(optimizer.param_groups[0].get("lr", math.nan)))
        with torch.no_grad():
            present = [p for p in parameters(optimizer) if p.grad is not None]
            recorder.gradient_norms.append(norm([p.grad for p in present]))
            owner.late = recorder.gradient_norms[-1] > 0 and owner.last_forward > owner.last_arrival > 0
            if not owner.closure:
                self._judge(owner, present)
            for listener in self.before_step:
                listener(optimizer, owner, present)
            owner.before = [plain.clone(p) for p in present] if size(present) <= SMALL else None

    def _judge(self, owner: Owner, present: List[Any]) -> None:
        recorder = self.recorder
        if owner.arrivals == 0:
            return
        missing = owner.any_arrived and not any(has_content(p.grad) for p in present)
        tally = recorder.check("gradient-missing-at-step", missing)
        if missing:
            tally.detail = (
                "At {} of {} steps the gradients that had been computed were gone, so the step changed nothing.".format(
                    tally.shown, tally.checked
                )
            )
        weights = [self.weights[id(p)] for p in present]
        stale = [weight for weight in weights if weight.carried and has_content(weight.parameter.grad)]
        agreement = cosine(stale, weights) if stale else 1.0
        tally = recorder.check("stale-gradients", bool(stale), agreement)
        if stale:
            tally.detail = (
                "At {} of {} steps the optimizer used gradients that held those of earlier steps; "
                "cosine of the gradient used with the one just computed: {:.3f} at the last of them, {:.3f} at worst."
            ).format(tally.shown, tally.checked, agreement, min(tally.values))

    def after(self, optimizer: Any, _arguments: Any, _options: Any) -> None:
        if not self.recorder.active:
            return
        owner = self.owner(optimizer)
        owner.depth = max(0, owner.depth - 1)
        if owner.depth:
            return
        owner.arrivals, owner.any_arrived = 0, False
        present = []
        for parameter in parameters(optimizer):
            weight = self.weights.get(id(parameter))
            if weight is not None and parameter.grad is not None:
                present.append(parameter)
                weight.used, weight.carried, weight.arrived = not owner.closure, False, None
                weight.mark = mark_of(parameter.grad)
        if owner.before is not None and len(owner.before) == len(present):
            with torch.no_grad():
                self.recorder.update_norms.append(
                    norm(list(torch._foreach_sub(present, owner.before))) if present else 0.0
                )
        owner.before = None
        owner.steps += 1
        owner.last_step = self.recorder.tick()
        for listener in self.after_step:
            listener(optimizer, owner)
        self.recorder.stepped()


def parameters(optimizer: Any) -> List[Any]:
    return [p for group in optimizer.param_groups for p in group["params"]]


def size(tensors: List[Any]) -> int:
    return sum(tensor.numel() for tensor in tensors)


def norm(tensors: List[Any]) -> float:
    """Over all tensors, each measured in single precision."""
    values = [tensor._values() if tensor.is_sparse else tensor for tensor in tensors]
    values = [each if each.dtype is torch.float32 else plain.to_float(each) for each in values]
    with torch.no_grad():
        total = sum(each.item() ** 2 for each in torch._foreach_norm(values)) if values else 0.0
    return math.sqrt(total) if math.isfinite(total) else total


def cosine(stale: List[Weight], weights: List[Weight]) -> float:
    """Of the gradient used with the gradient that arrived, over all weights. Those that carry nothing agree with
    themselves."""
    product = used = arrived = 0.0
    carriers = {id(weight) for weight in stale}
    for weight in weights:
        gradient = weight.parameter.grad
        if gradient.is_sparse:
            continue
        fresh = weight.arrived if id(weight) in carriers and weight.arrived is not None else gradient
        if fresh.is_sparse:
            continue
        product += float((gradient * fresh).sum())
        used += float((gradient * gradient).sum())
        arrived += float((fresh * fresh).sum())
    return product / math.sqrt(used * arrived) if used > 0 and arrived > 0 else 0.0


def install(recorder: Recorder) -> None:
    """Hook every optimizer there will be, and every way to run backward."""
    from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

    steps = recorder.training = Steps(recorder)
    register_optimizer_step_pre_hook(steps.before)
    register_optimizer_step_post_hook(steps.after)
    original = torch.optim.Optimizer.add_param_group

    @functools.wraps(original)
    def add_param_group(self: Any, param_group: Any) -> None:
        original(self, param_group)
        if recorder.active:
            steps.adopt(self)

    torch.optim.Optimizer.add_param_group = add_param_group  # type: ignore[method-assign]
    backward.install(recorder)
