# Right: the Dropout is no layer of the model, it makes the noise that a denoising autoencoder has to undo, in the test too.
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Autoencoder(nn.Module):
    def __init__(self, width=16, code=24):
        super().__init__()
        self.encode = nn.Linear(width, code)
        self.decode = nn.Linear(code, width)

    def forward(self, x):
        return torch.sigmoid(self.decode(F.leaky_relu(self.encode(x))))


torch.manual_seed(3)
pixels = torch.rand(320, 16).round()
train_loader = DataLoader(TensorDataset(pixels[:256]), batch_size=32, shuffle=True)
test_loader = DataLoader(TensorDataset(pixels[256:]), batch_size=32)

net = Autoencoder()
mse = nn.MSELoss()
adam = torch.optim.Adam(net.parameters(), lr=1e-3)
dropout = nn.Dropout(0.5)

seen = 0
for epoch in range(4):
    for (clean,) in train_loader:
        noisy = dropout(torch.ones(clean.shape)) * clean
        adam.zero_grad()
        loss = mse(net(noisy), clean)
        loss.backward()
        adam.step()

        seen += 1
        if seen % 8 == 0:
            total = 0.0
            with torch.no_grad():
                for (clean,) in test_loader:
                    noisy = dropout(torch.ones(clean.shape)) * clean
                    total += mse(net(noisy), clean).item()
            print(seen, "test loss", total / len(test_loader))
