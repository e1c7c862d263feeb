import torch
from torch import nn
from torch.optim import AdamW

amp = torch.cuda.is_available()
dev = "cuda" if amp else "cpu"

block = nn.TransformerEncoderLayer(d_model=16, nhead=2, dim_feedforward=32, batch_first=True)
net = nn.Sequential(nn.Embedding(12, 16), block, nn.Linear(16, 12)).to(dev)
optimizer = AdamW(net.parameters(), lr=3e-3)
scaler = torch.amp.GradScaler(dev, enabled=amp)

net.train()
for step in range(80):
    tokens = torch.randint(0, 12, (16, 8), device=dev)
    with torch.autocast(dev, enabled=amp):
        loss = nn.functional.cross_entropy(net(tokens).flatten(0, 1), ((tokens + 1) % 12).flatten())
    optimizer.zero_grad(set_to_none=True)
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()
    if step % 20 == 0:
        print(f"step {step}: {loss.item():.3f}")
