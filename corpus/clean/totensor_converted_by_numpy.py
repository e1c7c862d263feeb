# No ToTensor anywhere: the image becomes a float array in __getitem__, which the loader collates into a tensor.
import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Tiles(Dataset):
    def __init__(self, count):
        self.shades = np.random.randint(0, 256, size=count)

    def __len__(self):
        return len(self.shades)

    def __getitem__(self, index):
        shade = int(self.shades[index])
        tile = Image.new("L", (10, 10), shade)
        tile = np.asarray(tile.resize((6, 6)), dtype=np.float32) / 255
        return tile, int(shade > 127)


loader = DataLoader(Tiles(60), batch_size=12, shuffle=True)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(36, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
