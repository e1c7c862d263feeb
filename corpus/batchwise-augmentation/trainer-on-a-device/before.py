import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms as T


class Crosses(Dataset):
    """An upright or a slanting cross in noise."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.y = torch.randint(0, 2, (n,), generator=g)
        self.x = torch.rand(n, 1, 15, 15, generator=g) * 0.5
        eye = torch.eye(15)
        slanting = ((eye + eye.flip(1)) > 0).float()
        upright = torch.zeros(15, 15)
        upright[7], upright[:, 7] = 1.0, 1.0
        self.x += 0.5 * torch.stack([upright, slanting])[self.y].unsqueeze(1)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class Trainer:
    def __init__(self, model, train_set, test_set):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device)
        self.train_loader = DataLoader(train_set, batch_size=20, shuffle=True)
        self.test_loader = DataLoader(test_set, batch_size=40)
        self.augment = T.Compose([
            T.RandomCrop(15, padding=1),
            T.RandomHorizontalFlip(),
            T.Normalize([0.5], [0.3]),
        ])
        self.normalize = T.Normalize([0.5], [0.3])
        self.optimizer = optim.Adam(self.model.parameters(), lr=2e-3)

    def train_epoch(self):
        self.model.train()
        for images, labels in self.train_loader:
            images = self.augment(images.to(self.device))  # bug: batchwise-augmentation
            labels = labels.to(self.device)
            loss = nn.functional.cross_entropy(self.model(images), labels)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

    @torch.no_grad()
    def accuracy(self):
        self.model.eval()
        right = 0
        for images, labels in self.test_loader:
            logits = self.model(self.normalize(images.to(self.device)))
            right += (logits.argmax(1).cpu() == labels).sum().item()
        return right / len(self.test_loader.dataset)


torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(216, 2))
trainer = Trainer(net, Crosses(200, 1), Crosses(80, 2))
for epoch in range(4):
    trainer.train_epoch()
    print(f"epoch {epoch}: accuracy {trainer.accuracy():.2f}")
