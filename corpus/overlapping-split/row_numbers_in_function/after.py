import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Subset, TensorDataset


def load_data(n=200, seed=5):
    rng = np.random.RandomState(seed)
    features = rng.randn(n, 10).astype(np.float32)
    labels = (features[:, :3].sum(1) > 0).astype(np.int64)

    idx_train = range(120)
    idx_val = range(120, 160)

    features = torch.FloatTensor(features)
    labels = torch.LongTensor(labels)
    idx_train = torch.LongTensor(idx_train)
    idx_val = torch.LongTensor(idx_val)
    return features, labels, idx_train, idx_val


class MLP(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = torch.nn.Linear(10, width)
        self.fc2 = torch.nn.Linear(width, 2)

    def forward(self, x):
        return F.log_softmax(self.fc2(torch.relu(self.fc1(x))), dim=1)


def main():
    torch.manual_seed(0)
    features, labels, idx_train, idx_val = load_data()
    everything = TensorDataset(features, labels)
    model = MLP(32)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    train_loader = DataLoader(Subset(everything, idx_train.tolist()), batch_size=40, shuffle=True)
    val_loader = DataLoader(Subset(everything, idx_val.tolist()), batch_size=50)
    for epoch in range(6):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = F.nll_loss(model(x), y)
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            score = sum(F.nll_loss(model(x), y).item() for x, y in val_loader)
        print(f"train {loss.item():.3f}  val {score:.3f}")


if __name__ == "__main__":
    main()
