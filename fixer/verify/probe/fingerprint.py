"""Short names for data: equal data have equal names. Nothing is drawn, nothing is changed."""

from __future__ import annotations

import hashlib
from typing import Any

import torch

from . import plain

WHOLE = 1 << 22


def fingerprint(value: Any, elements: int = WHOLE) -> str:
    """A name for a sample or batch; of large tensors, `elements` values evenly spread are looked at."""
    digest = hashlib.blake2b(digest_size=8)
    _add(digest, value, elements)
    return digest.hexdigest()


def _add(digest: Any, value: Any, elements: int) -> None:
    if isinstance(value, torch.Tensor):
        digest.update("{}{}".format(tuple(value.shape), value.dtype).encode())
        digest.update(_content(plain.detach(value), elements))
    elif isinstance(value, dict):
        for key, item in value.items():
            digest.update(repr(key).encode())
            _add(digest, item, elements)
    elif isinstance(value, (list, tuple)):
        digest.update(b"[")
        for item in value:
            _add(digest, item, elements)
    elif hasattr(value, "tobytes"):  # arrays, NumPy numbers, PIL images
        digest.update(repr(getattr(value, "shape", getattr(value, "size", None))).encode())
        digest.update(value.tobytes())
    elif isinstance(value, (int, float, complex, str, bytes, bool, type(None))):
        digest.update(repr(value).encode())
    else:
        digest.update(type(value).__name__.encode())


def _content(tensor: torch.Tensor, elements: int) -> bytes:
    if tensor.is_sparse:
        tensor = tensor.to_dense()
    flat = plain.reshape(tensor, -1)
    if flat.numel() >= 2 * elements:
        flat = flat[:: flat.numel() // elements]
    flat = plain.contiguous(flat if flat.device.type == "cpu" else flat.cpu())
    try:
        content: bytes = plain.view(flat, torch.uint8).numpy().tobytes()
        return content
    except (RuntimeError, TypeError):
        return repr(flat.tolist()).encode()
