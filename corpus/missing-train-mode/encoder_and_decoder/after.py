import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Encoder(nn.Module):
    def __init__(self, size, code):
        super(Encoder, self).__init__()
        self.net = nn.Sequential(nn.Linear(size, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, code))

    def forward(self, x):
        return self.net(x)


class Decoder(nn.Module):
    def __init__(self, code, size):
        super(Decoder, self).__init__()
        self.net = nn.Sequential(nn.Linear(code, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, size))

    def forward(self, z):
        return self.net(z)


basis = torch.randn(3, 16)
signals = torch.randn(360, 3) @ basis + 0.05 * torch.randn(360, 16)
train_loader = DataLoader(TensorDataset(signals[:300]), batch_size=30, shuffle=True)
test_loader = DataLoader(TensorDataset(signals[300:]), batch_size=60)

encoder, decoder = Encoder(16, 3), Decoder(3, 16)
params = list(encoder.parameters()) + list(decoder.parameters())
optimizer = torch.optim.Adam(params, lr=0.005)
criterion = nn.MSELoss()

for epoch in range(5):
    encoder.train()
    decoder.train()
    for (batch,) in train_loader:
        reconstruction = decoder(encoder(batch))
        loss = criterion(reconstruction, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    encoder.eval()
    decoder.eval()
    with torch.no_grad():
        for (batch,) in test_loader:
            error = criterion(decoder(encoder(batch)), batch)
    print(epoch, loss.item(), error.item())
