# The two heads start with constant weights: the hidden layer below them is drawn, so that its units differ from the start.
import torch
from torch import nn


def layer_init(layer, value=0.01):
    nn.init.constant_(layer.weight, value)
    nn.init.zeros_(layer.bias)
    return layer


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.network = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh())
        self.actor = layer_init(nn.Linear(32, 4))
        self.critic = layer_init(nn.Linear(32, 1))

    def get_value(self, x):
        return self.critic(self.network(x))

    def get_logits(self, x):
        return self.actor(self.network(x))


torch.manual_seed(0)
agent = Agent()
optimizer = torch.optim.Adam(agent.parameters(), lr=1e-3)
states, actions = torch.randn(64, 6), torch.randint(4, (64,))
for _ in range(10):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(agent.get_logits(states), actions) + agent.get_value(states).pow(2).mean()
    loss.backward()
    optimizer.step()
