# Masked language modelling: the random mask is the task, validation needs it too.
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class MaskedText(Dataset):
    def __init__(self, tokens):
        self.tokens = tokens

    def __len__(self):
        return len(self.tokens)

    def __getitem__(self, i):
        target = self.tokens[i]
        inputs = target.clone()
        hidden = torch.rand(len(inputs)) < 0.15
        inputs[hidden] = 0
        return inputs, torch.where(hidden, target, -100)


tokens = torch.randint(1, 30, (80, 12))
train_loader = DataLoader(MaskedText(tokens[:60]), batch_size=20, shuffle=True)
val_loader = DataLoader(MaskedText(tokens[60:]), batch_size=20)
model = nn.Sequential(nn.Embedding(30, 8), nn.Linear(8, 30))
optimizer = torch.optim.Adam(model.parameters())
for inputs, target in train_loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(inputs).flatten(0, 1), target.flatten()).backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    for inputs, target in val_loader:
        print(nn.functional.cross_entropy(model(inputs).flatten(0, 1), target.flatten()).item())
