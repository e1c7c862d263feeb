import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class PriceNet(torch.nn.Module):
    """Predicts a price from twelve measurements."""

    def __init__(self, n_in=12, n_hidden=40):
        super().__init__()
        self.fc1 = torch.nn.Linear(n_in, n_hidden)
        self.fc2 = torch.nn.Linear(n_hidden, n_hidden)
        self.fc3 = torch.nn.Linear(n_hidden, n_hidden)
        self.dropout = torch.nn.Dropout(0.1)
        self.out = torch.nn.Linear(n_hidden, 1)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = self.dropout(torch.relu(self.fc2(x)))
        x = torch.relu(self.fc3(x))
        return self.out(x).squeeze(1)


class Trainer:
    def __init__(self, model, loader):
        self.model = model
        self.loader = loader
        self.optimizer = torch.optim.Adam(model.parameters(), lr=0.001)

    def fit(self, epochs):
        for epoch in range(epochs):
            self.model.train()
            for x, y in self.loader:
                self.optimizer.zero_grad()
                loss = F.mse_loss(self.model(x), y)
                loss.backward()
                self.optimizer.step()
            print("epoch", epoch, float(loss))


if __name__ == "__main__":
    torch.manual_seed(1)
    x = torch.randn(640, 12)
    y = x[:, 0] * x[:, 1] + 2 * x[:, 2]
    Trainer(PriceNet(), DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)).fit(8)
