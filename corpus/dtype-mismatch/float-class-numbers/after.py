import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class Classifier(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.hidden = nn.Linear(n_features, 16)
        self.out = nn.Linear(16, n_classes)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


def make_data(n=120):
    features = torch.randn(n, 6)
    classes = torch.zeros(n, dtype=torch.long)
    classes[n // 3:] = 1
    classes[2 * n // 3:] = 2
    features[:, 0] += 2 * classes
    return TensorDataset(features, classes)


def train(model, loader, epochs):
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(epochs):
        correct = 0
        for features, classes in loader:
            optimizer.zero_grad()
            logits = model(features)
            loss = criterion(logits, classes)
            loss.backward()
            optimizer.step()
            correct += (logits.argmax(1) == classes).sum().item()
        print(f"epoch {epoch}: {correct} right, loss {loss.item():.3f}")


if __name__ == "__main__":
    torch.manual_seed(4)
    train(Classifier(6, 3), DataLoader(make_data(), batch_size=20, shuffle=True), epochs=5)
