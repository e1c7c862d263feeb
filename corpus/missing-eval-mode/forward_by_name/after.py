import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(7)
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"

### DATA ###
points = torch.randn(360, 6)
classes = (points[:, :3].sum(1) > points[:, 3:].sum(1)).long()
train_dataset, val_dataset = random_split(TensorDataset(points, classes), [280, 80])
trainloader = DataLoader(train_dataset, batch_size=40, shuffle=True)
valloader = DataLoader(val_dataset, batch_size=40, shuffle=False)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 2))

    def forward(self, x):
        return self.layers(x)


def train(model, device, epochs, optimizer, loss_fn, trainloader, valloader):
    for epoch in range(1, epochs + 1):
        training_losses, validation_losses = [], []

        for point, label in trainloader:
            point, label = point.to(device), label.to(device)
            optimizer.zero_grad()
            out = model.forward(point)
            loss = loss_fn(out, label)
            training_losses.append(loss.item())
            loss.backward()
            optimizer.step()

        model.eval()
        for point, label in valloader:
            point, label = point.to(device), label.to(device)
            with torch.no_grad():
                out = model.forward(point)
                validation_losses.append(loss_fn(out, label).item())
        model.train()

        print(f"Epoch {epoch}: {np.mean(training_losses):.3f} {np.mean(validation_losses):.3f}")


model = Classifier().to(DEVICE)
train(model, DEVICE, 5, optim.Adam(model.parameters(), lr=0.005), nn.CrossEntropyLoss(), trainloader, valloader)
