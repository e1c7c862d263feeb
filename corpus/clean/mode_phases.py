# The epoch goes through both phases, each of which switches the model before it begins.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

x, y = torch.randn(180, 4), torch.randint(0, 2, (180,))
dataloaders = {
    "train": DataLoader(TensorDataset(x[:140], y[:140]), batch_size=20, shuffle=True),
    "val": DataLoader(TensorDataset(x[140:], y[140:]), batch_size=40),
}


def train_model(model, criterion, optimizer, num_epochs=3):
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            if phase == "train":
                model.train()
            else:
                model.eval()
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    loss = criterion(model(inputs), labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
            print(epoch, phase, loss.item())
    return model


net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
train_model(net, nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), lr=0.1))
