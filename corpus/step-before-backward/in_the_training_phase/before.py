import copy

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)
x = torch.randn(240, 10)
y = (x[:, 0] * x[:, 1] > 0).long()
dloaders = {
    "train": DataLoader(TensorDataset(x[:160], y[:160]), batch_size=16, shuffle=True),
    "val": DataLoader(TensorDataset(x[160:], y[160:]), batch_size=16),
}
dset_sizes = {"train": 160, "val": 80}


def finetune(model, loss_func, optimiser, epochs=8):
    best, weights = 0.0, copy.deepcopy(model.state_dict())
    for e in range(epochs):
        for dset in ("train", "val"):
            if dset == "train":
                model.train()
                print(f"Epoch number {e}/{epochs - 1}")
            else:
                model.eval()

            loss, successes = 0.0, 0
            for inputs, tgts in dloaders[dset]:
                optimiser.zero_grad()
                with torch.set_grad_enabled(dset == "train"):
                    ops = model(inputs)
                    loss_curr = loss_func(ops, tgts)
                    if dset == "train":
                        optimiser.step()  # bug: step-before-backward
                        loss_curr.backward()
                loss += loss_curr.item() * inputs.size(0)
                successes += int((ops.argmax(1) == tgts).sum())

            accuracy = successes / dset_sizes[dset]
            print(f"{dset} loss {loss / dset_sizes[dset]:.4f}, accuracy {accuracy:.3f}")
            if dset == "val" and accuracy > best:
                best, weights = accuracy, copy.deepcopy(model.state_dict())
    model.load_state_dict(weights)
    return model


net = nn.Sequential(nn.Linear(10, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 2))
finetune(net, nn.CrossEntropyLoss(), optim.SGD(net.parameters(), lr=0.05, momentum=0.9))
