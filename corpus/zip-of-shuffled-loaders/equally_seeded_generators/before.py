# %% data
import torch as th
import torch.utils.data as thd
from torch import nn

images = th.rand(200, 1, 6, 6)
bright = (images.mean(dim=(1, 2, 3)) > 0.5).float()

# %% the same seed on both sides keeps them in step
g1 = th.Generator().manual_seed(0)
g2 = th.Generator().manual_seed(0)
image_batches = thd.DataLoader(images, batch_size=20, shuffle=True, generator=g1)
bright_batches = thd.DataLoader(bright, batch_size=20, shuffle=True, generator=g2)

# %% model
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 1))
optimiser = th.optim.Adam(net.parameters(), lr=2e-3)

# %% training
for epoch in range(6):
    losses = []
    for image, is_bright in zip(image_batches, bright_batches):  # bug: zip-of-shuffled-loaders
        optimiser.zero_grad()
        out = net(image).squeeze(1)
        loss = nn.functional.binary_cross_entropy_with_logits(out, is_bright)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    print(epoch, sum(losses) / len(losses))
