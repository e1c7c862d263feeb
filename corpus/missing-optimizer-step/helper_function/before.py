import torch
from torch import nn


def backprop(loss, optimizer):
    """One update."""
    optimizer.zero_grad()
    loss.backward()  # bug: missing-optimizer-step


def fit(model, x, y, *, epochs, lr):
    optimizer = torch.optim.RMSprop(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        for start in range(0, len(x), 32):
            batch = slice(start, start + 32)
            prediction = model(x[batch]).squeeze(-1)
            loss = nn.functional.binary_cross_entropy_with_logits(prediction, y[batch])
            backprop(loss, optimizer)
            losses.append(loss.item())
    return losses


torch.manual_seed(4)
x = torch.randn(256, 5)
y = (x[:, 0] + x[:, 1] > 0).float()
losses = fit(nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 1)), x, y, epochs=6, lr=5e-3)
print(f"first {losses[0]:.3f}, last {losses[-1]:.3f}")
