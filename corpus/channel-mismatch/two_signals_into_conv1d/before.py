import numpy as np
import torch
from torch.nn import BCEWithLogitsLoss, Conv1d, Linear, Module, ReLU
from torch.optim import SGD
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(0)
signals = rng.normal(size=(200, 2, 40)).astype(np.float32)
answers = (rng.random(200) < 0.5).astype(np.float32)
signals[answers == 1, 0] += np.sin(np.linspace(0, 9, 40)).astype(np.float32)


class Detector(Module):
    def __init__(self, sensors=1):  # bug: channel-mismatch
        super().__init__()
        self.filters = Conv1d(sensors, 6, kernel_size=7)
        self.act = ReLU()
        self.decide = Linear(6, 1)

    def forward(self, x):
        x = self.act(self.filters(x)).mean(dim=2)
        return self.decide(x).squeeze(1)


torch.manual_seed(0)
data = DataLoader(TensorDataset(torch.from_numpy(signals), torch.from_numpy(answers)), batch_size=25, shuffle=True)
detector = Detector()
loss_function = BCEWithLogitsLoss()
sgd = SGD(detector.parameters(), lr=0.05, momentum=0.9)
for epoch in range(5):
    for batch, target in data:
        sgd.zero_grad()
        loss = loss_function(detector(batch), target)
        loss.backward()
        sgd.step()
    print(f"epoch {epoch} loss {loss.item():.3f}")
