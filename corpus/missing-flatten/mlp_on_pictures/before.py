import numpy as np
import torch
from torch.nn import CrossEntropyLoss, Linear, ReLU, Sequential
from torch.optim import Adam
from torch.utils.data import DataLoader, Dataset


class Digits(Dataset):
    def __init__(self, n):
        rng = np.random.default_rng(1)
        self.labels = rng.integers(0, 5, n)
        self.images = rng.random((n, 1, 10, 10)).astype("float32")
        for image, label in zip(self.images, self.labels):
            image[0, 2 * label : 2 * label + 2] += 1

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return torch.from_numpy(self.images[i]), int(self.labels[i])


torch.manual_seed(0)
model = Sequential(Linear(100, 32), ReLU(), Linear(32, 5))  # bug: missing-flatten
optimizer = Adam(model.parameters(), lr=0.01)
loss_fn = CrossEntropyLoss()
loader = DataLoader(Digits(150), batch_size=30, shuffle=True)

for epoch in range(5):
    for images, labels in loader:
        loss = loss_fn(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"{epoch}: {loss.item():.4f}")
