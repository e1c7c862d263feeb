# Semi-supervised: labelled pairs come from one loader; those of the other have no labels and need no partner.
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

x, u = torch.randn(120, 5), torch.randn(120, 5)
labelled = DataLoader(TensorDataset(x, (x[:, 0] > 0).long()), batch_size=20, shuffle=True)
unlabelled = DataLoader(u, batch_size=20, shuffle=True)
model = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(4):
    for (a, b), c in zip(labelled, unlabelled):
        loss = F.cross_entropy(model(a), b)
        guess = model(c).softmax(1).detach().argmax(1)
        loss = loss + 0.1 * F.cross_entropy(model(c + 0.01), guess)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
