import torch
from torch import nn

encoder, decoder = nn.Linear(10, 3), nn.Linear(3, 10)
optimizers = [
    torch.optim.Adam(encoder.parameters(), lr=0.01),
    torch.optim.Adam(decoder.parameters(), lr=0.01),
]
basis = torch.randn(3, 10)

for step in range(100):
    batch = torch.randn(32, 3) @ basis
    for opt in optimizers:
        opt.zero_grad()
    error = (decoder(encoder(batch)) - batch).pow(2).mean()
    error.backward()
    for opt in optimizers:
        opt.step()
    if step % 25 == 0:
        print(f"reconstruction error at {step}: {error.item():.3f}")
