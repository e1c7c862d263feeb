# A GAN: noise from one loader, real samples from another; the critic compares each with its own constant answer.
import torch
from torch import nn
from torch.utils.data import DataLoader

noise = DataLoader(torch.randn(96, 2), batch_size=16, shuffle=True)
real = DataLoader(torch.randn(96, 3) * 2 + 1, batch_size=16, shuffle=True)
maker = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 3))
critic = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
make_opt, critic_opt = torch.optim.Adam(maker.parameters()), torch.optim.Adam(critic.parameters())
bce = nn.BCEWithLogitsLoss()
for epoch in range(3):
    for z, x in zip(noise, real):
        one, zero = torch.ones(len(x), 1), torch.zeros(len(x), 1)
        critic_opt.zero_grad()
        (bce(critic(x), one) + bce(critic(maker(z).detach()), zero)).backward()
        critic_opt.step()
        make_opt.zero_grad()
        bce(critic(maker(z)), one).backward()
        make_opt.step()
