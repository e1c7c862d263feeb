import numpy
import torch

# %% [markdown] Is the patch warm or cold?
# %%
generator = numpy.random.default_rng(3)
torch.manual_seed(3)
patches = generator.random((48, 10, 12, 3))
warm = torch.from_numpy((patches[..., 0] > patches[..., 2]).mean(axis=(1, 2)) > 0.5).float()

# %%
x = torch.tensor(patches, dtype=torch.float32)  # bug: channels-last-sample
convolution = torch.nn.Conv2d(in_channels=3, out_channels=2, kernel_size=1)
head = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam([*convolution.parameters(), *head.parameters()], lr=0.01)

# %%
for step in range(60):
    optimizer.zero_grad()
    features = torch.relu(convolution(x)).mean(dim=(2, 3))
    loss = torch.nn.functional.binary_cross_entropy_with_logits(head(features).squeeze(1), warm)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(step, loss.item())
