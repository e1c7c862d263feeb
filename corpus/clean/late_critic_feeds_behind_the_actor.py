# The actor steps while the critic's loss is already there; what goes backward next is the critic's, and feeds it.
import torch
from torch import nn

actor, critic = nn.Linear(4, 2), nn.Linear(4, 1)
actor_optimizer = torch.optim.Adam(actor.parameters(), lr=1e-3)
critic_optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)

for _ in range(50):
    states, returns = torch.randn(16, 4), torch.randn(16, 1)
    values = critic(states)
    policy_loss = -(actor(states).log_softmax(1)[:, :1] * (returns - values.detach())).mean()
    value_loss = nn.functional.mse_loss(values, returns)
    policy_loss.backward()
    actor_optimizer.step()
    value_loss.backward()
    actor_optimizer.zero_grad()
    critic_optimizer.step()
    critic_optimizer.zero_grad()
