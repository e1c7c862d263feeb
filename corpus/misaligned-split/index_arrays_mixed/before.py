import numpy as np
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader


class Points(Dataset):
    def __init__(self, inputs, targets):
        self.inputs = torch.as_tensor(inputs, dtype=torch.float32)
        self.targets = torch.as_tensor(targets, dtype=torch.long)

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, i):
        return self.inputs[i], self.targets[i]


rng = np.random.default_rng(0)
data = rng.normal(size=(300, 8))
target = (data.sum(axis=1) > 0).astype(int)

order = rng.permutation(300)
train_idx, test_idx = order[:150], order[150:]

train_ds = Points(data[train_idx], target[test_idx])  # bug: misaligned-split
test_ds = Points(data[test_idx], target[test_idx])

train_loader = DataLoader(train_ds, batch_size=25, shuffle=True)
test_loader = DataLoader(test_ds, batch_size=75)

clf = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
ce = nn.CrossEntropyLoss()
adam = torch.optim.Adam(clf.parameters(), lr=5e-3)

for epoch in range(15):
    clf.train()
    for a, b in train_loader:
        adam.zero_grad()
        out = ce(clf(a), b)
        out.backward()
        adam.step()

clf.eval()
correct = 0
with torch.no_grad():
    for a, b in test_loader:
        correct += (clf(a).argmax(1) == b).sum().item()
print("accuracy", correct / len(test_ds))
