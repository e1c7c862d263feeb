import numpy as np
import torch
import torch.nn as nn
from torch.distributions.categorical import Categorical
from torch.optim import Adam


def mlp(sizes, activation=nn.Tanh, output_activation=nn.Identity):
    layers = []
    for j in range(len(sizes) - 1):
        act = activation if j < len(sizes) - 2 else output_activation
        layers += [nn.Linear(sizes[j], sizes[j + 1]), act()]
    return nn.Sequential(*layers)


class Corridor:
    """Walk to the right end; every step costs."""

    def reset(self):
        self.at = np.array([0.5, np.random.uniform(-1, 1)])
        return self.at.copy()

    def step(self, action):
        self.at[0] += 0.25 if action == 1 else -0.25
        return self.at.copy(), float(self.at[0]) - 0.1, abs(self.at[0]) > 1


def train(env, hidden_sizes=(16,), lr=1e-2, epochs=4):
    logits_net = mlp(sizes=[2, *hidden_sizes, 2])
    optimizer = Adam(logits_net.parameters(), lr=lr)

    def get_policy(obs):
        return Categorical(logits=logits_net(obs))

    for i in range(epochs):
        losses = []
        for _ in range(10):
            obs, done = env.reset(), False
            while not done:
                policy = get_policy(torch.as_tensor(obs, dtype=torch.float32))
                act = policy.sample()
                obs, rew, done = env.step(act.item())
                losses.append(-policy.log_prob(act) * rew)
        optimizer.zero_grad()
        loss = torch.stack(losses).mean()
        loss.backward()
        optimizer.step()
        print("epoch: %3d \t loss: %.3f" % (i, loss))


if __name__ == "__main__":
    torch.manual_seed(0)
    np.random.seed(0)
    train(Corridor())
