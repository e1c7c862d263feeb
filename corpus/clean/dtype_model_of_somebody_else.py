# A function plays with whatever network it is given, in the type that the network has; another model is float32.
import numpy as np
import torch
from torch import nn


def best_action(network: nn.Module, state: np.ndarray) -> int:
    weight = next(network.parameters())
    values = network(torch.tensor(state[None], dtype=weight.dtype))
    return int(values.argmax())


def scores(network: nn.Module, states: np.ndarray) -> torch.Tensor:
    with torch.no_grad():
        return network(torch.from_numpy(states).to(torch.float32))


class Critic(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.embedding = nn.Embedding(4, width)
        self.head = nn.Linear(width, 1)

    def forward(self, actions):
        return self.head(self.embedding(actions.long()))


def train(critic, states, rewards):
    optimizer = torch.optim.Adam(critic.parameters(), lr=0.01)
    for state, reward in zip(states, rewards):
        action = best_action(actor, state)
        loss = (critic(torch.tensor([float(action)])) - reward).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


actor = nn.Sequential(nn.Linear(3, 4))
print(train(Critic(5), np.random.rand(12, 3), np.random.rand(12).tolist()), scores(actor, np.random.rand(2, 3)))
