import torch
import torch.nn.functional as F
import torch.utils.data as data


def blobs(per_class, spread=0.7):
    corners = [(0.0, 0.0), (3.0, 0.0), (0.0, 3.0)]
    inputs, labels = [], []
    for label, corner in enumerate(corners):
        inputs.append(torch.tensor(corner) + spread * torch.randn(per_class, 2))
        labels.append(torch.full((per_class,), label))
    return torch.cat(inputs), torch.cat(labels)


class Trainer:
    def __init__(self, model, lr=0.05, batch_size=16):
        self.model = model
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        red, green, blue = (torch.randn(64, 2) + 2 * k for k in range(3))
        x = torch.cat((red, green, blue), dim=0)
        y = torch.cat((torch.zeros(64), torch.ones(64), 2 * torch.ones(64)), dim=0).long()
        self.train_loader = data.DataLoader(
            data.TensorDataset(x, y),
            batch_size=batch_size,
            shuffle=True,
        )
        self.val_loader = data.DataLoader(data.TensorDataset(*blobs(20)), batch_size=60)

    def run_epoch(self):
        self.model.train()
        for inputs, labels in self.train_loader:
            self.optimizer.zero_grad()
            F.cross_entropy(self.model(inputs), labels).backward()
            self.optimizer.step()

    @torch.no_grad()
    def accuracy(self):
        self.model.eval()
        hits = sum((self.model(x).argmax(1) == y).sum().item() for x, y in self.val_loader)
        return hits / len(self.val_loader.dataset)

    def fit(self, epochs):
        for _ in range(epochs):
            self.run_epoch()
        return self.accuracy()


if __name__ == "__main__":
    torch.manual_seed(7)
    mlp = torch.nn.Sequential(torch.nn.Linear(2, 24), torch.nn.ReLU(), torch.nn.Linear(24, 3))
    print(Trainer(mlp).fit(6))
