import torch
import torch.nn as nn


class GraphConv(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_in, n_out))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, nodes, adjacency):
        return adjacency @ (nodes @ self.weight)


class GCN(nn.Module):
    def __init__(self, n_features, n_hidden, n_classes):
        super().__init__()
        self.first = GraphConv(n_features, n_hidden)
        self.second = GraphConv(n_hidden, n_classes)

    def forward(self, nodes, adjacency):
        return self.second(torch.relu(self.first(nodes, adjacency)), adjacency)


class Trainer:
    def __init__(self, model, adjacency, lr=0.05):
        self.model = model
        self.adjacency = adjacency
        self.opt = torch.optim.Adam(self.model.parameters(), lr=lr)

    def train(self, nodes, labels, n_epochs):
        for self.epoch in range(n_epochs):
            logits = self.model(nodes, self.adjacency)
            loss = nn.functional.cross_entropy(logits, labels)
            self.opt.zero_grad(set_to_none=False)
            loss.backward()
            accuracy = (logits.argmax(1) == labels).float().mean().item()
            self.opt.step()
            if self.epoch % 20 == 0:
                print(f"epoch {self.epoch} loss {loss.item():.3f} acc {accuracy:.2f}")


torch.manual_seed(5)
labels = torch.arange(60) % 3
same = (labels[:, None] == labels[None, :]).float()
links = ((torch.rand(60, 60) < 0.05 + 0.25 * same) | torch.eye(60).bool()).float()
links = links / links.sum(1, keepdim=True)
Trainer(GCN(12, 16, 3), links).train(torch.randn(60, 12) + nn.functional.one_hot(labels, 12), labels, 80)
