from concurrent.futures import ThreadPoolExecutor

import torch
import torch.nn as nn
import torch.nn.functional as F


class Agent:
    """Learns from what the players put into its memory."""

    def __init__(self, state_size, actions):
        self.policy = nn.Sequential(nn.Linear(state_size, 32), nn.ReLU(), nn.Linear(32, actions))
        self.optimizer = torch.optim.RMSprop(self.policy.parameters(), lr=2.0)  # bug: excessive-learning-rate

    def learn(self, batch):
        states, returns = batch
        loss = F.smooth_l1_loss(self.policy(states), returns)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()


def played(rounds, state_size):
    for _ in range(rounds):
        states = torch.randn(32, state_size)
        yield states, torch.stack([states.sum(1), states[:, 0] * states[:, 1]], dim=1)


torch.manual_seed(0)
agent = Agent(6, 2)
with ThreadPoolExecutor(max_workers=1) as pool:
    for number, loss in enumerate(pool.map(agent.learn, played(150, 6))):
        if number % 30 == 0:
            print(number, loss)
