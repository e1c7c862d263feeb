from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import torch
from torch import Tensor, nn


@contextlib.contextmanager
def timed(label: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{label}: {time.perf_counter() - start:.2f} s")


def make_optimizer(model: nn.Module, name: str = "sgd") -> torch.optim.Optimizer:
    if name == "adam":
        return torch.optim.Adam(model.parameters(), lr=1e-3)
    return torch.optim.SGD(model.parameters(), lr=1e-2)


def autoencode(data: Tensor, epochs: int = 5) -> nn.Module:
    model = nn.Sequential(nn.Linear(data.shape[1], 4), nn.Tanh(), nn.Linear(4, data.shape[1]))
    optimizer = make_optimizer(model)
    for epoch in range(epochs):
        with timed(f"epoch {epoch}"):
            try:
                for chunk in data[torch.randperm(len(data))].split(20):
                    loss = (model(chunk) - chunk).square().mean()
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
            except KeyboardInterrupt:
                print("stopped early")
                break
    return model


if __name__ == "__main__":
    mixing = torch.randn(4, 15)
    autoencode(torch.randn(300, 4) @ mixing)
