import torch
import torch.nn as nn
import torch.optim as optim


class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(20, 8), nn.ReLU())
        self.decode = nn.Linear(8, 20)

    def forward(self, x):
        z = self.encode(x)
        return self.decode(z), z


torch.manual_seed(5)
basis = torch.randn(4, 20)
model = AutoEncoder()
optimizer = optim.Adam(model.parameters(), lr=3e-3)
mse = nn.MSELoss()
l1 = nn.L1Loss()

step = 0
rec_total = sparse_total = 0
while step < 120:
    batch = torch.randn(32, 4) @ basis
    restored, code = model(batch)
    rec_loss = mse(restored, batch)
    sparse_loss = l1(code, torch.zeros_like(code))
    loss = rec_loss + 0.01 * sparse_loss

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    rec_total += rec_loss.item()
    sparse_total += sparse_loss.item()
    step += 1
    if step % 40 == 0:
        print("step", step, "reconstruction", rec_total / 40, "sparsity", sparse_total / 40)
        rec_total = sparse_total = 0
