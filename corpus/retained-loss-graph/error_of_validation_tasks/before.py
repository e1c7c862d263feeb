import torch
from torch import nn


def task_error(model, criterion, shift):
    inputs = torch.randn(24, 3)
    return criterion(model(inputs), inputs.sum(1, keepdim=True) + shift)


def main(iterations=40):
    torch.manual_seed(0)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    criterion = nn.MSELoss()
    valid_error = 0.0
    for _ in range(iterations):
        optimizer.zero_grad()
        error = task_error(model, criterion, 0.5)
        error.backward()
        optimizer.step()
        held_out = task_error(model, criterion, 0.7)
        valid_error += held_out  # bug: retained-loss-graph
    print(f"validation error {valid_error / iterations:.4f}")


main()
