"""Steps that use no gradient, or none that was clipped as it should be; optimizers that never step; early schedules."""

from __future__ import annotations

import functools
import math
import sys
from typing import Any, Callable, Dict, List, Set, Tuple

import torch

from .record import TORCH, Recorder
from .training import Owner, Steps

ENOUGH_BACKWARDS = 5
MANY_BACKWARDS = 100
"""A run that was cut short may have been before its first step; after so many backward passes it was not."""
SAMPLED_PARAMETERS = 8
SAMPLED_VALUES = 256
TOLERANCE = 1.001


class Gradients:
    """Whether anything that a step uses hangs on the loss, and whether anybody steps at all."""

    def __init__(self, recorder: Recorder, steps: Steps) -> None:
        self.recorder = recorder
        self.steps = steps
        self.judged_at = 0
        self.backwards = 0
        self.samples: Dict[int, List[Tuple[Any, torch.Tensor]]] = {}
        recorder.on_root.append(self.before_backward)
        recorder.last_checks.append(self.at_end)
        steps.before_step.append(self.before_step)

    def before_backward(self, _root: Any, _keeps: bool) -> None:
        if self.recorder.steps:
            return
        for key, optimizer in zip(list(self.steps.owners), self.steps.kept):
            if key not in self.samples:
                weights = [p for group in optimizer.param_groups for p in group["params"] if p.requires_grad]
                self.samples[key] = [(p, sample(p)) for p in weights[:SAMPLED_PARAMETERS]]

    def before_step(self, _optimizer: Any, owner: Owner, _present: List[Any]) -> None:
        recorder = self.recorder
        if not owner.closure and recorder.backwards > self.backwards:
            arrived = any(each.last_arrival > self.judged_at for each in self.steps.owners.values())
            cut_off = not arrived and recorder.gradient_norms[-1] == 0
            tally = recorder.check("no-gradient", cut_off)
            if cut_off:
                tally.detail = (
                    "At {} of {} steps backward had been called, and no parameter of any optimizer had got a gradient."
                ).format(tally.shown, tally.checked)
        self.judged_at, self.backwards = recorder.tick(), recorder.backwards

    def at_end(self) -> None:
        recorder = self.recorder
        fed = [key for key, owner in self.steps.owners.items() if owner.last_arrival]
        if not fed or recorder.outcome == "crashed":
            return
        enough = ENOUGH_BACKWARDS if recorder.outcome == "finished" else MANY_BACKWARDS
        if recorder.steps:
            left_out = [key for key in fed if self._left_out(key, enough)]
            tally = recorder.check("parameters-frozen", any(map(self._unchanged, left_out)))
            if tally.shown:
                tally.detail = (
                    "{} of {} optimizers got gradients and cleared them again, and never stepped: "
                    "their parameters are what they were."
                ).format(len(left_out), len(self.steps.owners))
            return
        if recorder.backwards < enough:
            return
        frozen = all(map(self._unchanged, fed)) and any(self.samples.get(key) for key in fed)
        tally = recorder.check("parameters-frozen", frozen)
        if frozen:
            tally.detail = (
                "Gradients were computed {} times, no optimizer ever stepped, and the parameters are what they were."
            ).format(recorder.backwards)

    def _left_out(self, key: int, enough: int) -> bool:
        """Whether this optimizer alone never steps, though the program treats it as one that does."""
        owner = self.steps.owners[key]
        own = [each for each in self.steps.weights.values() if owner in each.owners]
        alone = all(each.steps == 0 for weight in own for each in weight.owners)
        return (
            alone and owner.steps == 0 and min(owner.clears, owner.arrivals) >= enough and bool(self.samples.get(key))
        )

    def _unchanged(self, key: int) -> bool:
        return all(torch.equal(sample(p), old) for p, old in self.samples.get(key, []))


def sample(parameter: Any) -> torch.Tensor:
    """Some of its values, to see later whether they have changed."""
    values: torch.Tensor = parameter.detach()
    return values.reshape(-1)[:SAMPLED_VALUES].clone() if values.is_contiguous() else values.clone().reshape(-1)


class Clip:
    """One call of a clipping function, as it concerns one optimizer."""

    def __init__(self, weights: List[Any], limit: float, order: float, arrivals: int, scale: float) -> None:
        self.weights = weights
        self.limit = limit
        self.order = order
        """Of the norm; infinite for clipping by value."""
        self.arrivals = arrivals
        """How many gradients had arrived since the last step."""
        self.scale = scale
        """What a gradient scaler had multiplied the gradients with; 1 where none had, or had taken it back."""
        self.norm = self.measure() if scale > 1 else 0.0

    def measure(self) -> float:
        norms = [
            torch.linalg.vector_norm(dense(p.grad).float(), self.order) for p in self.weights if p.grad is not None
        ]
        return float(torch.linalg.vector_norm(torch.stack(norms), self.order)) if norms else 0.0


def dense(gradient: Any) -> Any:
    return (gradient.coalesce()._values() if gradient.is_sparse else gradient).detach()


class Clipping:
    """Whether clipping comes between the arrival of the gradients and the step, and meets them unscaled."""

    def __init__(self, recorder: Recorder, steps: Steps) -> None:
        self.recorder = recorder
        self.steps = steps
        self.clips: Dict[int, List[Clip]] = {}
        self.scalers: Dict[int, Tuple[Any, int]] = {}
        """Each gradient scaler, and when it last scaled a loss."""
        steps.before_step.append(self.before_step)

    def clipped(self, parameters: List[Any], limit: float, order: float) -> None:
        if not math.isfinite(limit) or limit <= 0:
            return  # it only measures
        weights = [p for p in parameters if isinstance(p, torch.Tensor)]
        for (key, owner), optimizer in zip(list(self.steps.owners.items()), self.steps.kept):
            own = [p for p in weights if id(p) in self.steps.weights and owner in self.steps.weights[id(p)].owners]
            if own:
                scale = self.scale_of(optimizer, owner)
                # The norm is of all that was given to the function; the step of one optimizer decides when.
                self.clips.setdefault(key, []).append(Clip(weights, limit, order, owner.arrivals, scale))

    def scale_of(self, optimizer: Any, owner: Owner) -> float:
        for scaler, scaled_at in self.scalers.values():
            state = getattr(scaler, "_per_optimizer_states", {}).get(id(optimizer), {})
            ready = getattr(state.get("stage"), "name", "READY") == "READY"
            if scaler.is_enabled() and ready and scaled_at > owner.last_step:
                return float(scaler.get_scale())
        return 1.0

    def before_step(self, optimizer: Any, owner: Owner, _present: List[Any]) -> None:
        clips = self.clips.pop(id(optimizer), [])
        if not clips or owner.closure or owner.arrivals == 0 or getattr(optimizer, "grad_scale", None) is not None:
            return
        last = clips[-1]
        too_early = all(clip.arrivals == 0 for clip in clips)
        norm = last.measure() if too_early or last.scale > 1 else 0.0
        if too_early:
            self._judge(norm > TOLERANCE * last.limit, "came before the gradients it was meant for", norm, last.limit)
        else:
            took_effect = last.scale > 1 and last.norm * TOLERANCE >= last.limit
            shrunk = took_effect and 0 < norm <= TOLERANCE * last.norm / last.scale
            self._judge(shrunk, "met gradients that were still scaled", norm, last.limit)

    def _judge(self, shown: bool, how: str, norm: float, limit: float) -> None:
        tally = self.recorder.check("unclipped-step", shown)
        if shown:
            tally.detail = (
                "At {} of {} steps clipping {}: the step used gradients of norm {:.3g}, the limit being {:.3g}.".format(
                    tally.shown, tally.checked, how, norm, limit
                )
            )


class Schedules:
    """Schedulers that move before the first step of their optimizer."""

    def __init__(self, recorder: Recorder, steps: Steps) -> None:
        self.recorder = recorder
        self.steps = steps
        self.early: Dict[int, int] = {}
        self.schedulers: List[Any] = []
        self.asked: Set[int] = set()
        """Optimizers that a gradient scaler was asked to step; it leaves out steps with infinite gradients."""
        recorder.last_checks.append(self.at_end)

    def moved(self, scheduler: Any) -> None:
        optimizer = getattr(scheduler, "optimizer", None)
        if optimizer is None:
            return
        if id(scheduler) not in self.early:
            self.early[id(scheduler)] = 0
            self.schedulers.append(scheduler)
        owner = self.steps.owners.get(id(optimizer))
        if owner is not None and owner.steps == 0 and owner.depth == 0 and id(optimizer) not in self.asked:
            self.early[id(scheduler)] += 1

    def at_end(self) -> None:
        for scheduler in self.schedulers:
            owner = self.steps.owners.get(id(scheduler.optimizer))
            early = self.early[id(scheduler)]
            # Several moves in a row take a schedule to where it was saved; without any step nothing can be late.
            if owner is None or owner.steps == 0 or early > 1:
                continue
            tally = self.recorder.check("scheduler-warning", early == 1, step=1)
            if early:
                tally.detail = (
                    "{} moved before the first step, which therefore skipped its first learning rate.".format(
                        type(scheduler).__name__
                    )
                )


def install(recorder: Recorder) -> None:
    """Listen to the steps; hook clipping, schedulers and gradient scalers."""
    steps = recorder.training
    Gradients(recorder, steps)
    clipping, schedules = Clipping(recorder, steps), Schedules(recorder, steps)
    _hook_clipping(recorder, clipping)
    _hook_schedulers(recorder, schedules)
    _hook_clears(recorder, steps)
    scaler = getattr(torch.amp, "GradScaler", None) or torch.cuda.amp.GradScaler
    original_scale, original_step = scaler.scale, scaler.step

    @functools.wraps(original_scale)
    def scale(self: Any, outputs: Any) -> Any:
        if recorder.active:
            clipping.scalers[id(self)] = (self, recorder.tick())
        return original_scale(self, outputs)

    @functools.wraps(original_step)
    def step(self: Any, optimizer: Any, *arguments: Any, **options: Any) -> Any:
        schedules.asked.add(id(optimizer))
        return original_step(self, optimizer, *arguments, **options)

    scaler.scale, scaler.step = scale, step  # type: ignore[method-assign]


def _hook_clears(recorder: Recorder, steps: Steps) -> None:
    original = torch.optim.Optimizer.zero_grad

    @functools.wraps(original)
    def zero_grad(self: Any, *arguments: Any, **options: Any) -> Any:
        owner = steps.owners.get(id(self))
        if recorder.active and owner is not None:
            owner.clears += 1
        return original(self, *arguments, **options)

    torch.optim.Optimizer.zero_grad = zero_grad  # type: ignore[method-assign]


def _hook_clipping(recorder: Recorder, clipping: Clipping) -> None:
    def hooked(original: Callable[..., Any], by_value: bool) -> Callable[..., Any]:
        @functools.wraps(original)
        def clip(parameters: Any, limit: Any, *arguments: Any, **options: Any) -> Any:
            if not isinstance(parameters, torch.Tensor):
                parameters = list(parameters)
            result = original(parameters, limit, *arguments, **options)
            if recorder.active:
                order = math.inf if by_value else float(options.get("norm_type", (*arguments, 2.0)[0]))
                given = [parameters] if isinstance(parameters, torch.Tensor) else parameters
                with torch.no_grad():
                    clipping.clipped(given, float(limit), order)
            return result

        return clip

    module = torch.nn.utils.clip_grad
    for name, keyword in (("clip_grad_norm_", "max_norm"), ("clip_grad_value_", "clip_value")):
        function = _positional(hooked(getattr(module, name), name == "clip_grad_value_"), keyword)
        for place in (module, torch.nn.utils):
            setattr(place, name, function)


def _positional(function: Callable[..., Any], keyword: str) -> Callable[..., Any]:
    """`function`, whose limit may be given by its name."""

    @functools.wraps(function)
    def called(*arguments: Any, **options: Any) -> Any:
        if "parameters" in options:
            arguments = (options.pop("parameters"), *arguments)
        if keyword in options:
            arguments = (*arguments[:1], options.pop(keyword), *arguments[1:])
        return function(*arguments, **options)

    return called


def _hook_schedulers(recorder: Recorder, schedules: Schedules) -> None:
    module = torch.optim.lr_scheduler

    def hooked(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def step(self: Any, *arguments: Any, **options: Any) -> Any:
            if recorder.active and not _called_by_torch():
                schedules.moved(self)
            return original(self, *arguments, **options)

        return step

    for kind in list(vars(module).values()):
        waits = kind is module.ReduceLROnPlateau  # for bad news, which it may well be told before a step
        if isinstance(kind, type) and issubclass(kind, module.LRScheduler) and "step" in vars(kind) and not waits:
            kind.step = hooked(kind.step)  # type: ignore[method-assign]


def _called_by_torch() -> bool:
    """Torch moves a scheduler itself when it is made, and when another holds it; methods called `step` hand on."""
    frame = sys._getframe(2)
    while frame.f_code.co_name == "step" and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(TORCH)
