# Two optimizers: the critic's step lies between the actor's backward call and its step.
import torch
from torch import nn

actor, critic = nn.Linear(4, 2), nn.Linear(4, 1)
actor_opt = torch.optim.Adam(actor.parameters(), lr=1e-3)
critic_opt = torch.optim.Adam(critic.parameters(), lr=1e-3)
for _ in range(20):
    states = torch.randn(16, 4)
    actor_loss, critic_loss = actor(states).square().mean(), (critic(states) - 1).square().mean()
    actor_opt.zero_grad()
    critic_opt.zero_grad()
    critic_loss.backward()
    critic_opt.step()
    actor_loss.backward()
    actor_opt.step()
