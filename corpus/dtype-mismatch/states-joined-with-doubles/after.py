import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Expert:
    """Tells the moves of an expert from random ones."""

    def __init__(self, n_state, n_action, device):
        self.device = device
        self.trunk = nn.Sequential(nn.Linear(n_state + n_action, 16), nn.Tanh(), nn.Linear(16, 1)).to(device)
        self.optimizer = torch.optim.Adam(self.trunk.parameters(), lr=1e-2)

    def update(self, states, actions, labels):
        states = torch.DoubleTensor(states).to(self.device)
        actions = actions.to(self.device)
        logits = self.trunk(torch.cat([states, actions], dim=1).float())
        loss = F.binary_cross_entropy_with_logits(logits, labels.to(self.device))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()


def rollout(rng, n):
    states = rng.normal(size=(n, 4))
    actions = torch.from_numpy(rng.normal(size=(n, 1)).astype(np.float32))
    labels = (actions > 0).float()
    return states.tolist(), actions, labels


torch.manual_seed(0)
rng = np.random.default_rng(0)
expert = Expert(4, 1, torch.device("cpu"))
for i in range(20):
    loss = expert.update(*rollout(rng, 32))
    if i % 5 == 0:
        print(i, loss)
