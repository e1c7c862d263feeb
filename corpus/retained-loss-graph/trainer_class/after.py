import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Trainer:
    def __init__(self, model, loader, lr=0.02):
        self.model = model
        self.loader = loader
        self.criterion = nn.SmoothL1Loss()
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
        self.epoch_loss = torch.zeros(())

    def train_epoch(self):
        self.epoch_loss = torch.zeros(())
        for x, y in self.loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            self.epoch_loss = self.epoch_loss + loss.detach()

    def fit(self, epochs):
        for epoch in range(epochs):
            self.train_epoch()
            print("epoch", epoch, "loss", self.epoch_loss.item() / len(self.loader))


if __name__ == "__main__":
    torch.manual_seed(11)
    x = torch.randn(240, 4)
    y = x @ torch.tensor([[0.5], [1.0], [-1.0], [2.0]])
    Trainer(nn.Linear(4, 1), DataLoader(TensorDataset(x, y), batch_size=12, shuffle=True)).fit(3)
