import numpy as np
import torch as t
from torch.nn import BCEWithLogitsLoss, Conv2d, ReLU, Sequential
from torch.optim import RMSprop
from torch.utils.data import DataLoader

rs = np.random.RandomState(8)
pictures = rs.rand(60, 1, 10, 10).astype("float32")
masks = (pictures > 0.5).astype("float32")

batch = 12
picture_batches = DataLoader(pictures, batch)
mask_batches = DataLoader(masks, batch)

segmenter = Sequential(Conv2d(1, 8, 3, padding=1), ReLU(), Conv2d(8, 1, 1))
rms = RMSprop(segmenter.parameters(), lr=1e-3)
bce = BCEWithLogitsLoss()

epoch = 0
while epoch < 4:
    for picture, mask in zip(picture_batches, mask_batches):
        rms.zero_grad()
        loss = bce(segmenter(picture), mask)
        loss.backward()
        rms.step()
    epoch += 1
print(loss.item())
