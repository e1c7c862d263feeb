"""Auto-encoder against a critic, with or without gradient scalers, as the command line says."""

import argparse

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--amp", action="store_true")
parser.add_argument("--epochs", type=int, default=4)
args = parser.parse_args()

torch.manual_seed(3)
encoder = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 6))
critic = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer_g = torch.optim.Adam(params=encoder.parameters(), lr=3e-3)
optimizer_d = torch.optim.Adam(params=critic.parameters(), lr=3e-3)
if args.amp:
    scaler_g = torch.amp.GradScaler("cpu")
    scaler_d = torch.amp.GradScaler("cpu")
data = torch.randn(256, 6).cumsum(1)
bce = nn.BCEWithLogitsLoss()

for epoch in range(args.epochs):
    for images in data.split(32):
        optimizer_g.zero_grad(set_to_none=True)
        optimizer_d.zero_grad(set_to_none=True)

        reconstruction = encoder(images)
        fooled = bce(critic(reconstruction), torch.ones(len(images), 1))
        loss_g = nn.functional.l1_loss(reconstruction, images) + 0.1 * fooled
        if args.amp:
            scaler_g.scale(loss_g).backward()
            scaler_g.step(optimizer_g)
            scaler_g.update()
        else:
            loss_g.backward()
            optimizer_g.step()

        on_fake = bce(critic(reconstruction.detach()), torch.zeros(len(images), 1))
        on_real = bce(critic(images), torch.ones(len(images), 1))
        loss_d = (on_fake + on_real) * 0.5
        if args.amp:
            scaler_d.scale(loss_d).backward()
            scaler_d.step(optimizer_d)
            scaler_d.update()
        else:
            loss_d.backward()
            optimizer_d.step()
    print(f"{epoch}: {loss_g.item():.4f} {loss_d.item():.4f}")
