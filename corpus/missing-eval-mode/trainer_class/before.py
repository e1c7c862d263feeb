import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class CNN(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        layers = []
        channels = 1
        for _ in range(2):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(width, 4)

    def forward(self, x):
        return self.head(self.features(x).amax(dim=(2, 3)))


class Experiment:
    def __init__(self, model, train_loader, valid_loader):
        self.model = model
        self.train_loader = train_loader
        self.valid_loader = valid_loader
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.05, momentum=0.9)

    def _train_epoch(self):
        self.model.train()
        for batch, labels in self.train_loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(batch), labels)
            loss.backward()
            self.optimizer.step()

    def _valid_epoch(self):
        """Loss and accuracy on the validation set."""
        total_loss, right, seen = 0.0, 0, 0
        with torch.no_grad():
            for batch, labels in self.valid_loader:  # bug: missing-eval-mode
                output = self.model(batch)
                total_loss += self.criterion(output, labels).item()
                right += (output.argmax(dim=1) == labels).sum().item()
                seen += len(labels)
        return total_loss / len(self.valid_loader), right / seen

    def run(self, epochs):
        for epoch in range(epochs):
            self._train_epoch()
            loss, accuracy = self._valid_epoch()
            print(f"[{epoch}] {loss:.3f} {accuracy:.2%}")


if __name__ == "__main__":
    labels = torch.randint(0, 4, (280,))
    images = torch.randn(280, 1, 6, 6) * (1 + labels.view(-1, 1, 1, 1).float())
    train = DataLoader(TensorDataset(images[:220], labels[:220]), batch_size=20, shuffle=True)
    valid = DataLoader(TensorDataset(images[220:], labels[220:]), batch_size=30)
    Experiment(CNN(), train, valid).run(5)
