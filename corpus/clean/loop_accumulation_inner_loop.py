# An inner loop over micro-batches adds up gradients; clear before it, step after it.
import torch
from torch import nn


def get_batch():
    x = torch.randint(0, 20, (4, 8))
    return x, (x + 1) % 20


model = nn.Sequential(nn.Embedding(20, 16), nn.Linear(16, 20))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
scaler = torch.amp.GradScaler("cpu", enabled=False)
micro_steps = 5
X, Y = get_batch()
for it in range(30):
    for micro in range(micro_steps):
        logits = model(X)
        loss = nn.functional.cross_entropy(logits.view(-1, 20), Y.view(-1)) / micro_steps
        X, Y = get_batch()
        scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad(set_to_none=True)
