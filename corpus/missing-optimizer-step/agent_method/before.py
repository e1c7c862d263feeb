import random

import torch
from torch import nn


class Agent:
    def __init__(self, n_states, n_actions, gamma=0.9):
        self.q = nn.Embedding(n_states, n_actions)
        self.optimizer = torch.optim.SGD(self.q.parameters(), lr=0.5)
        self.gamma = gamma
        self.memory = []

    def remember(self, *transition):
        self.memory.append(transition)

    def learn(self, batch_size=16):
        state, action, reward, after = (torch.tensor(each) for each in zip(*random.sample(self.memory, batch_size)))
        value = self.q(state).gather(1, action[:, None]).squeeze(1)
        with torch.no_grad():
            wanted = reward + self.gamma * self.q(after).max(1).values
        loss = nn.functional.smooth_l1_loss(value, wanted)
        self.optimizer.zero_grad()
        loss.backward()  # bug: missing-optimizer-step
        return loss.item()


def play(agent, rounds):
    state = 0
    for round_ in range(rounds):
        action = random.randrange(2)
        after = (state + (1 if action else -1)) % 6
        agent.remember(state, action, float(after == 3), after)
        state = after
        if round_ >= 32:
            loss = agent.learn()
            if round_ % 50 == 0:
                print(round_, f"{loss:.4f}")


random.seed(2)
play(Agent(6, 2), 150)
