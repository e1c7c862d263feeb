import torch
from torch import nn

WORLD = 2  # the sum over the processes is done by hand here


def average_gradients(model):
    flat = torch.cat([p.grad.view(-1) for p in model.parameters()])
    flat = flat * WORLD
    offset = 0
    for p in model.parameters():
        p.grad.data.copy_(flat[offset : offset + p.numel()].view_as(p.grad.data) / WORLD)
        offset += p.numel()
    for p in model.parameters():
        p.grad /= 1


torch.manual_seed(4)
agent = nn.Sequential(nn.Linear(5, 24), nn.Tanh(), nn.Linear(24, 1))
optimizer = torch.optim.Adam(agent.parameters(), lr=2.5e-2, eps=1e-5)
states = torch.randn(256, 5)
returns = states.square().sum(1, keepdim=True) / 5

for update in range(6):
    for rows in torch.randperm(256).split(32):
        v_loss = 0.5 * (agent(states[rows]) - returns[rows]).square().mean()
        optimizer.zero_grad()
        v_loss.backward()
        average_gradients(agent)
        nn.utils.clip_grad_norm_(agent.parameters(), 5.0)
        optimizer.step()
    print(update, float(v_loss))
