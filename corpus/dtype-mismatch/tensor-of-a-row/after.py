import argparse
import numpy
from torch import manual_seed, no_grad, tensor
from torch.nn import Linear, MSELoss, Module, ReLU
from torch.optim import SGD
from torch.utils.data import DataLoader, Dataset


class Sines(Dataset):
    def __init__(self, count, length):
        phases = numpy.random.uniform(0, 6.28, size=(count, 1))
        self.waves = numpy.sin(phases + numpy.linspace(0, 3, length))
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, item):
        wave = numpy.random.rand(8) * 0.1
        return tensor(wave).float(), tensor([wave.sum()]).float()


class Summer(Module):
    def __init__(self):
        super().__init__()
        self.a, self.act, self.b = Linear(8, 10), ReLU(), Linear(10, 1)

    def forward(self, wave):
        return self.b(self.act(self.a(wave)))


parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=4)
args = parser.parse_args()
numpy.random.seed(2)
manual_seed(2)

loader = DataLoader(Sines(64, 8), batch_size=16, shuffle=True)
model, criterion = Summer(), MSELoss()
optimizer = SGD(model.parameters(), lr=0.05)
for epoch in range(args.epochs):
    for wave, total in loader:
        optimizer.zero_grad()
        loss = criterion(model(wave), total)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
