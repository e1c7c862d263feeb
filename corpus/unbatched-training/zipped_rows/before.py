import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(10, 32)
        self.out = nn.Linear(32, 3)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


def train(net, epochs=2):
    features = torch.randn(256, 10)
    classes = torch.randint(0, 3, (256,))
    loss_fn = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(epochs):
        # every row once
        for feature, label in zip(features, classes):  # bug: unbatched-training
            opt.zero_grad()
            loss = loss_fn(net(feature), label)
            loss.backward()
            opt.step()
    return features, classes


def accuracy(net, features, classes):
    hits = 0
    with torch.no_grad():
        for x, y in DataLoader(TensorDataset(features, classes), batch_size=64):
            hits += (net(x).argmax(dim=1) == y).sum().item()
    return hits / len(classes)


torch.manual_seed(0)
classifier = Classifier()
print(accuracy(classifier, *train(classifier)))
