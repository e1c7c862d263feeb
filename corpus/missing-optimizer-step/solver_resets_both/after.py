"""Adversarial training in a solver class; one method resets the gradients of both networks."""

import torch
import torch.nn as nn


class Solver:
    def __init__(self, batches, n_critic=2):
        self.batches = batches
        self.n_critic = n_critic
        self.build_model()

    def build_model(self):
        self.G = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 2))
        self.D = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
        self.g_optimizer = torch.optim.Adam(self.G.parameters(), 2e-3, [0.5, 0.999])
        self.d_optimizer = torch.optim.Adam(self.D.parameters(), 2e-3, [0.5, 0.999])

    def reset_grad(self):
        self.g_optimizer.zero_grad()
        self.d_optimizer.zero_grad()

    def train(self):
        for i, x_real in enumerate(self.batches):
            # discriminator
            x_fake = self.G(torch.randn(x_real.size(0), 3))
            d_loss = torch.mean(self.D(x_fake.detach())) - torch.mean(self.D(x_real))
            self.reset_grad()
            d_loss.backward()
            self.d_optimizer.step()

            # generator
            if (i + 1) % self.n_critic == 0:
                x_fake = self.G(torch.randn(x_real.size(0), 3))
                g_loss = -torch.mean(self.D(x_fake))
                self.reset_grad()
                g_loss.backward()
                self.g_optimizer.step()
                print(f"{i + 1}: D {d_loss.item():.4f} G {g_loss.item():.4f}")


torch.manual_seed(0)
Solver([torch.randn(32, 2) + 2 for _ in range(20)]).train()
