import torch
from torch import nn

device = "cpu"
net = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 5)).to(device)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
scaler = torch.amp.GradScaler(device)

prototypes = torch.randn(5, 12)

for iteration in range(120):
    labels = torch.randint(0, 5, (32,), device=device)
    images = prototypes[labels] + 0.8 * torch.randn(32, 12, device=device)

    with torch.autocast(device_type=device, dtype=torch.bfloat16):
        logits = net(images)
        loss = nn.functional.cross_entropy(logits, labels)

    scaler.scale(loss).backward()
    scaler.step(optimizer)  # bug: missing-zero-grad
    scaler.update()

    if iteration % 30 == 0:
        print(f"{iteration:4d} {loss.item():.4f}")
