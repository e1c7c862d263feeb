# One graph a step, with as many nodes as it has: its rows are one sample, not a batch.
import torch
from torch import nn


class GraphLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.w, self.out = nn.Linear(4, 16), nn.Linear(16, 1)

    def forward(self, nodes, edges):
        return self.out(torch.relu(edges @ self.w(nodes)).mean(dim=0))


graphs = torch.randn(70, 9, 4)
adjacency = (torch.rand(70, 9, 9) > 0.6).float()
energy = graphs.mean(dim=(1, 2)).unsqueeze(1)
net = GraphLayer()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for g in range(len(graphs)):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(graphs[g], adjacency[g]), energy[g])
    loss.backward()
    optimizer.step()
