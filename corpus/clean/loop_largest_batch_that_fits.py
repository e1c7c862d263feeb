# A search for the largest batch that fits into memory: it goes backward, and need not learn anything.
import torch
from torch import nn


def find_max_batch_size(model, low=1, high=64):
    best = low
    while low <= high:
        mid = (low + high) // 2
        try:
            dummy_input = torch.randn(mid, 12)
            dummy_target = torch.randint(0, 4, (mid,))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
            loss = nn.functional.cross_entropy(model(dummy_input), dummy_target)
            loss.backward()
            optimizer.zero_grad(set_to_none=True)
            best = mid
            low = mid + 1
        except RuntimeError as error:
            if "out of memory" not in str(error):
                raise
            high = mid - 1
    return best


print(find_max_batch_size(nn.Sequential(nn.Linear(12, 20), nn.ReLU(), nn.Linear(20, 4))))
