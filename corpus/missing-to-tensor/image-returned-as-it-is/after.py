import random
import torch
import torch.nn.functional as F
import torchvision.transforms.functional as TF
from PIL import Image
from torch.utils import data

random.seed(0)
torch.manual_seed(0)


class Swatches(data.Dataset):
    """Plain colours; the target is how red they are."""

    def __init__(self, count):
        self.colours = [tuple(random.randrange(256) for _ in range(3)) for _ in range(count)]

    def __len__(self):
        return len(self.colours)

    def __getitem__(self, index):
        colour = self.colours[index]
        swatch = Image.new("RGB", (8, 8), colour)
        swatch = swatch.rotate(90)
        redness = torch.tensor([colour[0] / 255])
        return TF.to_tensor(swatch), redness


# %% data
swatches = Swatches(120)
batches = data.DataLoader(swatches, batch_size=24, shuffle=True)
probe = TF.to_tensor(Image.new("RGB", (8, 8), (255, 0, 0))).unsqueeze(0)

# %% model
weights = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 8 * 8, 1))
opt = torch.optim.SGD(weights.parameters(), lr=0.005)

# %% training
for epoch in range(8):
    for x, y in batches:
        opt.zero_grad()
        loss = F.mse_loss(weights(x), y)
        loss.backward()
        opt.step()
    print(epoch, loss.item())
print("pure red:", weights(probe).item())
