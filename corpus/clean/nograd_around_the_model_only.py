# The model runs without gradients; what stands outside is a small embedding before it and a loss with a class of its own.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0):
        super().__init__()
        self.gamma = gamma

    def forward(self, logits, target):
        loss = nn.functional.cross_entropy(logits, target, reduction="none")
        return ((1 - torch.exp(-loss)) ** self.gamma * loss).mean()


torch.manual_seed(0)
data, group, label = torch.randn(200, 6), torch.randint(0, 4, (200,)), torch.randint(0, 3, (200,))
train_loader = DataLoader(TensorDataset(data[:150], group[:150], label[:150]), batch_size=25, shuffle=True)
val_loader = DataLoader(TensorDataset(data[150:], group[150:], label[150:]), batch_size=25)
embed = nn.Embedding(4, 6)
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(list(model.parameters()) + list(embed.parameters()), lr=0.01)
loss_fct = FocalLoss()

for epoch in range(3):
    for x, g, y in train_loader:
        optimizer.zero_grad()
        loss = loss_fct(model(x + embed(g)), y)
        loss.backward()
        optimizer.step()
    total = 0.0
    for x, g, y in val_loader:
        shifted = x + embed(g)
        with torch.no_grad():
            logits = model(shifted)
        total += loss_fct(logits, y).item()
    print(epoch, total / len(val_loader))
