import numpy as np
import torch
import torchvision.transforms as tvt

rng = np.random.default_rng(12)
torch.manual_seed(12)

preprocess = tvt.Compose([
    tvt.Grayscale(),  # bug: missing-to-pil-image
    tvt.Resize((10, 10)),
    tvt.ToTensor(),
])

frames = rng.integers(low=0, high=256, size=(50, 30, 30, 3), dtype=np.uint8)
batch = torch.stack([preprocess(frame) for frame in frames])
brightness = batch.mean(dim=(1, 2, 3))

model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(100, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(60):
    optimizer.zero_grad()
    loss = ((model(batch).squeeze(1) - brightness) ** 2).mean()
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(step, loss.item())
