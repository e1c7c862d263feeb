# Lightning with manual optimisation: toggles, manual_backward, and a clear for each of the two optimizers.
import lightning as L
import torch
from torch import nn


class GAN(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.generator = nn.Linear(8, 2)
        self.discriminator = nn.Linear(2, 1)

    def configure_optimizers(self):
        g = torch.optim.Adam(self.generator.parameters(), lr=1e-4)
        d = torch.optim.Adam(self.discriminator.parameters(), lr=1e-4)
        return g, d

    def training_step(self, batch, batch_idx):
        g_opt, d_opt = self.optimizers()
        fake = self.generator(torch.randn(len(batch), 8))

        d_loss = self.discriminator(fake.detach()).mean() - self.discriminator(batch).mean()
        d_opt.zero_grad()
        self.manual_backward(d_loss)
        d_opt.step()

        g_loss = -self.discriminator(fake).mean()
        g_opt.zero_grad()
        self.manual_backward(g_loss)
        g_opt.step()
