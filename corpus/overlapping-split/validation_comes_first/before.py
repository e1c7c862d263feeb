import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Trainer:
    HELD_OUT = 60

    def __init__(self, inputs, targets):
        self.val_inputs = inputs[:60]  # bug: overlapping-split
        self.val_targets = targets[:60]
        self.train_inputs = inputs[50:]
        self.train_targets = targets[50:]
        self.model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.05)
        self.loss = nn.SmoothL1Loss()

    def loader(self, inputs, targets, shuffle):
        return DataLoader(TensorDataset(inputs, targets), batch_size=30, shuffle=shuffle)

    def train(self, epochs):
        train_loader = self.loader(self.train_inputs, self.train_targets, True)
        val_loader = self.loader(self.val_inputs, self.val_targets, False)
        for epoch in range(epochs):
            self.model.train()
            for x, y in train_loader:
                loss = self.loss(self.model(x), y)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
            print(epoch, self.validate(val_loader))

    def validate(self, val_loader):
        self.model.eval()
        with torch.no_grad():
            errors = [self.loss(self.model(x), y).item() for x, y in val_loader]
        return sum(errors) / len(errors)


torch.manual_seed(1)
inputs = torch.rand(300, 4)
trainer = Trainer(inputs, (inputs ** 2).sum(dim=1, keepdim=True))
trainer.train(5)
