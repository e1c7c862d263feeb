# Policy losses are collected over an episode, summed and back-propagated at its end.
import torch
from torch import nn

policy = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2), nn.Softmax(dim=-1))
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
for episode in range(12):
    policy_losses = []
    for t in range(30):
        state = torch.randn(4)
        distribution = torch.distributions.Categorical(policy(state))
        action = distribution.sample()
        reward = 1.0 if action.item() == int(state[0] > 0) else 0.0
        policy_losses.append(-distribution.log_prob(action) * reward)
    optimizer.zero_grad()
    loss = torch.stack(policy_losses).sum()
    loss.backward()
    optimizer.step()
