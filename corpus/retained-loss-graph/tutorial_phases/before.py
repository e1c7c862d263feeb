import copy

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(2)
x = torch.randn(360, 12)
y = (x[:, :3].sum(1) > 0).long()
datasets = {"train": TensorDataset(x[:280], y[:280]), "val": TensorDataset(x[280:], y[280:])}
dataloaders = {phase: DataLoader(datasets[phase], batch_size=20, shuffle=phase == "train") for phase in ("train", "val")}


def train_model(model, criterion, optimizer, num_epochs=3):
    best_weights, best_loss = copy.deepcopy(model.state_dict()), float("inf")
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            model.train(phase == "train")
            running_loss = 0.0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                running_loss += loss * inputs.size(0)  # bug: retained-loss-graph
            epoch_loss = running_loss / len(datasets[phase])
            print(f"{phase} Loss: {epoch_loss:.4f}")
            if phase == "val" and epoch_loss < best_loss:
                best_weights = copy.deepcopy(model.state_dict())
    model.load_state_dict(best_weights)
    return model


net = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 2))
train_model(net, nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), lr=0.05))
