"""The trainer is made in a worker function, and a launcher starts the worker."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Trainer:
    def __init__(self, model, train_data, optimizer):
        self.model = model
        self.train_data = train_data
        self.optimizer = optimizer

    def _run_batch(self, source, targets):
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.model(source), targets)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def train(self, max_epochs):
        for epoch in range(max_epochs):
            for source, targets in self.train_data:
                last = self._run_batch(source, targets)
            print(f"epoch {epoch} loss {last:.4f}")


def load_train_objs():
    inputs = torch.randn(128, 5)
    train_set = TensorDataset(inputs, (inputs.sum(1) > 0).long())
    model = nn.Linear(5, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return train_set, model, optimizer


def worker(rank, epochs):
    torch.manual_seed(rank)
    train_set, model, optimizer = load_train_objs()
    loader = DataLoader(train_set, batch_size=16, shuffle=True)
    Trainer(model, loader, optimizer).train(epochs)


def launch(start, args):
    start(0, *args)


if __name__ == "__main__":
    start = {"local": worker}.get("local")
    launch(start, (6,))
