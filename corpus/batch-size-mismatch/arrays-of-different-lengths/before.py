import numpy as np
import torch
from torch import nn
from torch.utils import data

N_SAMPLES = 160
N_TARGETS = 100

rng = np.random.RandomState(1)
torch.manual_seed(1)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        return self.layers(x)


def main():
    inputs = rng.rand(N_SAMPLES, 6)
    targets = rng.rand(N_TARGETS, 1)  # bug: batch-size-mismatch
    inputs = torch.from_numpy(inputs).float()
    targets = torch.tensor(targets, dtype=torch.float32)
    train_set = data.TensorDataset(inputs, targets)
    train_loader = data.DataLoader(train_set, batch_size=32, shuffle=True)

    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(5):
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
