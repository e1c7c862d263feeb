"""Training and evaluation mode, and graphs, where they do not belong."""

from __future__ import annotations

import functools
import weakref
from typing import Any, Dict, List, Set

import torch

from .record import Recorder
from .training import Owner, Steps

IN_A_ROW = 3
REPEATED = 3
"""So many passes over the same data without a step between them are a sample of answers (Monte Carlo dropout)."""


def depends_on_mode(module: Any) -> bool:
    """Whether a module itself computes something else in training than in evaluation."""
    if isinstance(module, torch.nn.modules.dropout._DropoutNd):
        return module.p > 0
    if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
        return bool(module.track_running_stats)
    if isinstance(module, torch.nn.RNNBase):
        return module.dropout > 0 and module.num_layers > 1
    if isinstance(module, torch.nn.MultiheadAttention):
        return bool(module.dropout > 0)
    # `F.dropout(x, training=self.training)`
    names = getattr(getattr(type(module).forward, "__code__", None), "co_names", ())
    own = not type(module).__module__.startswith("torch.")
    return own and "training" in names and any("dropout" in name or "batch_norm" in name for name in names)


class Model:
    """An outermost module that has layers whose behaviour depends on the mode."""

    def __init__(self) -> None:
        self.trained = False
        """A step has used what it computed in training mode."""
        self.evaluated = False
        self.training = 0
        self.evaluating = 0
        """Forward passes with gradients since the last step, in either mode."""
        self.in_a_row = 0
        self.owners: Dict[int, bool] = {}
        """Whether an optimizer trains it."""


class Look:
    """What one pass over a loader did with models."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.root: Any = None
        self.calls = 0
        """Of the root, which may be called more than once for a batch."""
        self.calm: Dict[int, bool] = {}
        """The models that depend on the mode: whether they were called in evaluation mode."""
        self.inside: Set[int] = set()
        """These models and all modules in them."""
        self.graphs = 0
        self.forwards = 0
        self.learned = False
        """Gradients were computed, or an optimizer stepped."""

    def called(self, module: Any) -> None:
        """An outermost module was called."""
        if id(module) not in self.inside:
            self.inside.update(map(id, module.modules()))
            if any(map(depends_on_mode, module.modules())):
                self.calm[id(module)] = False
        if id(module) in self.calm and not module.training:
            self.calm[id(module)] = True


class Modes:
    """Follows the outermost modules."""

    def __init__(self, recorder: Recorder, steps: Steps) -> None:
        self.recorder = recorder
        self.models: Any = weakref.WeakKeyDictionary()
        self.looks: Dict[int, Look] = {}
        self.look: Any = None
        recorder.on_model.append(self.model_called)
        # Before the loaders' own last check, which fetches samples.
        recorder.last_checks.insert(0, self.at_end)
        steps.after_step.append(self.stepped)

    def model_called(self, module: Any) -> None:
        if module not in self.models:
            self.models[module] = Model() if any(map(depends_on_mode, module.modules())) else None
        model = self.models[module]
        records = torch.is_grad_enabled()
        if model is not None:
            if records:
                model.training += module.training
                model.evaluating += not module.training
            model.evaluated = model.evaluated or (not module.training and (not records or model.evaluating > 1))
        self._in_pass(module, records)

    def _in_pass(self, module: Any, records: bool) -> None:
        running = self.recorder.loaders.current
        self.look = None
        if running is None or running.ended or running.trained:
            return
        look = self.looks.get(id(running))
        if look is None:
            look = self.looks[id(running)] = Look(self.recorder.steps)
            look.root = weakref.ref(module)
        self.look = look
        look.forwards += 1
        look.called(module)
        look.graphs += records and any(p.requires_grad for p in module.parameters())

    def module_called(self, module: Any, _inputs: Any) -> None:
        look = self.look
        if look is None:
            return
        if look.root() is module:
            look.calls += 1
        elif id(module) not in look.inside or id(module) in look.calm:
            look.called(module)  # a second model that goes on with what the first one gave

    def learned(self) -> None:
        running = self.recorder.loaders.current
        if running is not None and not running.ended and id(running) in self.looks:
            self.looks[id(running)].learned = True

    def stepped(self, _optimizer: Any, owner: Owner) -> None:
        self.learned()
        for module, model in list(self.models.items()):
            if model is None or not (model.training or model.evaluating):
                continue
            if id(owner) not in model.owners:
                weights = self.recorder.training.weights
                model.owners[id(owner)] = any(
                    owner in weights[id(p)].owners for p in module.parameters() if id(p) in weights
                )
            if model.owners[id(owner)]:
                self._judge(model)

    def _judge(self, model: Model) -> None:
        if model.training:
            model.trained, model.evaluated, model.in_a_row = True, False, 0
            self.recorder.check("eval-mode-in-training", False)
        elif model.trained and model.evaluated:
            model.in_a_row += 1
            if model.in_a_row >= IN_A_ROW:
                tally = self.recorder.check("eval-mode-in-training", True)
                tally.detail = (
                    "{} steps were taken in evaluation mode, which an evaluation had left behind; "
                    "the first steps were taken in training mode."
                ).format(tally.shown + IN_A_ROW - 1)
        model.training = model.evaluating = 0

    def at_end(self) -> None:
        loaders = self.recorder.loaders
        if loaders.current is not None and not loaders.current.ended:
            loaders.settle(loaders.current)
        if not self.recorder.backwards:
            return  # how it learns, if it does, is out of sight
        trained: Set[int] = {id(run.loader.dataset) for run in loaders.passes if run.trained}
        trained |= {id(run.loader.dataset) for run in loaders.passes if self._of(run).learned}
        if not trained:
            return
        passes = [run for run in loaders.passes if run.is_evaluation and id(run.loader.dataset) not in trained]
        for run in passes:
            look = self._of(run)
            if not look.forwards:
                continue
            self._graphs(look)
            if look.calm and not self._samples(run, passes):
                self._disturbed(look)

    def _of(self, running: Any) -> Look:
        return self.looks.get(id(running)) or Look(0)

    def _samples(self, running: Any, passes: List[Any]) -> bool:
        look = self._of(running)
        same = [run for run in passes if run.loader.dataset is running.loader.dataset]
        return look.calls > look.forwards or sum(self._of(run).steps == look.steps for run in same) >= REPEATED

    def _graphs(self, look: Look) -> None:
        tally = self.recorder.check("graph-in-evaluation", look.graphs == look.forwards, step=look.steps)
        if tally.shown:
            tally.detail = "{} of {} evaluation passes built graphs that nobody used.".format(
                tally.shown, tally.checked
            )

    def _disturbed(self, look: Look) -> None:
        disturbed = not all(look.calm.values())
        tally = self.recorder.check("train-mode-in-evaluation", disturbed, step=look.steps)
        if tally.shown:
            tally.detail = ("In {} of {} evaluation passes dropout or batch norm worked as in training.").format(
                tally.shown, tally.checked
            )


def install(recorder: Recorder) -> None:
    """Follow the outermost modules, and gradients that are computed without backward."""
    modes = Modes(recorder, recorder.training)
    torch.nn.modules.module.register_module_forward_pre_hook(modes.module_called)
    original = torch.autograd.grad

    @functools.wraps(original)
    def grad(*arguments: Any, **options: Any) -> Any:
        if recorder.active:
            modes.learned()
        return original(*arguments, **options)

    torch.autograd.grad = grad
