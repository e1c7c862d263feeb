"""Actor and critic share a network, or not: an option says which of the optimizers are there."""

import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--shared", type=int, default=0)
shared = bool(parser.parse_args().shared)

torch.manual_seed(0)
actor, critic = nn.Linear(4, 2), nn.Linear(4, 1)
if shared:
    both = torch.optim.SGD([*actor.parameters(), *critic.parameters()], lr=0.02)
else:
    actor_optimizer = torch.optim.SGD(actor.parameters(), lr=0.02)
    critic_optimizer = torch.optim.SGD(critic.parameters(), lr=0.02)

for step in range(80):
    states = torch.randn(32, 4)
    policy_loss = nn.functional.cross_entropy(actor(states), (states[:, 0] > 0).long())
    value_loss = nn.functional.mse_loss(critic(states), states.sum(1, keepdim=True))
    if shared:
        both.zero_grad()
        (policy_loss + value_loss).backward()
        both.step()
    else:
        actor_optimizer.zero_grad()
        policy_loss.backward()
        actor_optimizer.step()
        critic_optimizer.zero_grad()
        value_loss.backward()
        critic_optimizer.step()
print(f"{policy_loss.item():.3f} {value_loss.item():.3f}")
