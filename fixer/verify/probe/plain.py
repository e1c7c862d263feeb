"""Tensor methods as they are without our hooks, for what the probe computes itself: it follows no rows, and costs less.

Imported before anything is hooked.
"""

from __future__ import annotations

import torch

clone = torch.Tensor.clone
contiguous = torch.Tensor.contiguous
detach = torch.Tensor.detach
reshape = torch.Tensor.reshape
view = torch.Tensor.view
to_float = torch.Tensor.float
