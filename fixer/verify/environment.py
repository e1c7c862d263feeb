"""What the interpreter that runs the programs finds in its environment."""

from __future__ import annotations

import os

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


def environment(device: str) -> dict[str, str]:
    """Of the interpreter. CUDA is hidden from it unless it is wanted, and then asked for the same results each time."""
    if device == "cpu":
        return os.environ | _ENVIRONMENT
    kept = {name: value for name, value in _ENVIRONMENT.items() if name != "CUDA_VISIBLE_DEVICES"}
    return os.environ | kept | {"CUBLAS_WORKSPACE_CONFIG": ":4096:8"}
