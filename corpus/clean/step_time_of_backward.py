# Measures how long forward and backward take; nothing is trained.
import time

import torch


def benchmark(model, batch, rounds=20):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    times = []
    for _ in range(rounds):
        optimizer.zero_grad()
        start = time.perf_counter()
        loss = model(batch).sum()
        loss.backward()
        times.append(time.perf_counter() - start)
    return min(times)


print(benchmark(torch.nn.Linear(64, 64), torch.randn(32, 64)))
