# Optimizers in a dict, cleared through one comprehension and stepped through items().
import torch
from torch import nn

nets = {"actor": nn.Linear(3, 2), "critic": nn.Linear(3, 1)}
opts = {name: torch.optim.Adam(net.parameters(), lr=1e-3) for name, net in nets.items()}
for _ in range(25):
    obs = torch.randn(16, 3)
    [o.zero_grad() for o in opts.values()]
    value = nets["critic"](obs)
    logits = nets["actor"](obs)
    (value.pow(2).mean() + logits.logsumexp(1).mean()).backward()
    for name, o in opts.items():
        o.step()
