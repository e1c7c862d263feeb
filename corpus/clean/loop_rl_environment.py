# env.step() and scheduler.step() in the loop; the optimizer's own update is in order.
import torch
from torch import nn


class Env:
    def step(self, action):
        return torch.randn(3), float(action == 0), torch.rand(()) < 0.1

    def reset(self):
        return torch.zeros(3)


env = Env()
policy = nn.Linear(3, 2)
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10)
for episode in range(20):
    obs, done, terms = env.reset(), False, []
    while not done:
        dist = torch.distributions.Categorical(logits=policy(obs))
        action = dist.sample()
        obs, reward, done = env.step(action.item())
        terms.append(-dist.log_prob(action) * reward)
    optimizer.zero_grad()
    torch.stack(terms).sum().backward()
    optimizer.step()
    scheduler.step()
