import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
images = torch.rand(192, 12)
train_loader = list(images[:128].split(32))
val_loader = list(images[128:].split(32))
autoencoder = nn.Sequential(nn.Linear(12, 6), nn.Tanh(), nn.Linear(6, 12))
optimizer_g = torch.optim.Adam(params=autoencoder.parameters(), lr=1e-2)
n_epochs, val_interval = 6, 2

for epoch in range(n_epochs):
    autoencoder.train()
    epoch_loss = 0
    for step, batch in enumerate(train_loader):
        optimizer_g.zero_grad(set_to_none=True)
        recons_loss = F.l1_loss(autoencoder(batch), batch)
        recons_loss.backward()
        optimizer_g.step()
        epoch_loss += recons_loss.item()

    if (epoch + 1) % val_interval == 0:
        autoencoder.eval()
        val_loss = 0
        for val_step, batch in enumerate(val_loader, start=1):  # bug: missing-no-grad
            optimizer_g.zero_grad(set_to_none=True)
            reconstruction = autoencoder(batch)
            val_loss += F.l1_loss(reconstruction, batch).item()
        print(f"epoch {epoch}: {epoch_loss / (step + 1):.4f}, validation {val_loss / val_step:.4f}")
