"""What the interpreter that runs the programs finds in its environment."""

from __future__ import annotations

import os
import re

from fixer.verify.trace import Trace

DEVICES = ("cpu", "cuda", "auto")
"""What can be asked for; "auto" is CUDA where there is a device."""
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "WANDB_MODE": "disabled",
    "COMET_MODE": "disabled",
    "NEPTUNE_MODE": "offline",
    "CLEARML_OFFLINE_MODE": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TORCHDYNAMO_DISABLE": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}

NO_GPU = "the script looks for a GPU; that the processor stood in for one may be why it ended"
CUDA, TORCHRUN = "cuda", "torchrun"
_OF_TORCHRUN = re.compile(r"\b(RANK|LOCAL_RANK|WORLD_SIZE|LOCAL_WORLD_SIZE|MASTER_ADDR|MASTER_PORT)\b")
_OF_CUDA = re.compile(r"\bcuda|_cuda|torch\.cuda|\bgpus?\b|nvidia|nvtx|nccl|accelerator device", re.IGNORECASE)


def environment(device: str) -> dict[str, str]:
    """Of the interpreter. CUDA is hidden from it unless it is wanted, and then asked for the same results each time."""
    if device == "cpu":
        return os.environ | _ENVIRONMENT
    kept = {name: value for name, value in _ENVIRONMENT.items() if name != "CUDA_VISIBLE_DEVICES"}
    return os.environ | kept | {"CUBLAS_WORKSPACE_CONFIG": ":4096:8"}


def mentions_cuda(text: str) -> bool:
    return _OF_CUDA.search(text) is not None


def missed_by(trace: Trace, device: str) -> str | None:
    """What a program that ended may have looked for and not found, and can be given: CUDA, or torchrun.

    Torch says so, or its own line that looks for it does, or, where it left by itself, the last that it printed.
    """
    crash = trace.crash
    if crash is None:
        return None
    told = [crash.message, crash.user_frame_source or ""]
    if any(map(_OF_TORCHRUN.search, told)):
        return TORCHRUN
    if crash.type == "SystemExit":
        told += [line for tail in (trace.stdout_tail, trace.stderr_tail) for line in tail.strip().splitlines()[-3:]]
    return CUDA if device == "cpu" and any(map(mentions_cuda, told)) else None
