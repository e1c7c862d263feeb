import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(42)


def load_dataset():
    """Bytes, as they would come from a file."""
    pixels = rng.integers(0, 256, size=(80, 64), dtype=np.uint8)
    target = (pixels.mean(axis=1) > 127).astype(np.int64)
    return TensorDataset(torch.from_numpy(pixels), torch.from_numpy(target))


ds = load_dataset()
dl = DataLoader(ds, batch_size=8, transform=lambda x: x.float() / 255, shuffle=True)  # bug: dataloader-transform

torch.manual_seed(0)
model = torch.nn.Linear(64, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(10):
    for x, y in dl:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, round(loss.item(), 4))
