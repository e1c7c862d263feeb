# Transforms of the file's own take image and mask, or the whole sample, and move both; boxes are mirrored by hand.
import random

import numpy as np
import torch
import torchvision.transforms.functional as TF
from torch.utils.data import DataLoader, Dataset


class Compose:
    def __init__(self, *steps):
        self.steps = steps

    def __call__(self, image, mask, boxes):
        for step in self.steps:
            image, mask, boxes = step(image, mask, boxes)
        return image, mask, boxes


class Mirror:
    def __call__(self, image, mask, boxes):
        _, width, _ = image.shape
        if random.random() < 0.5:
            image = image[:, ::-1]
            mask = mask[:, ::-1]
            boxes = boxes.copy()
            boxes[:, 0::2] = width - boxes[:, 2::-2]
        return image, mask, boxes


class Turn:
    def __init__(self, p):
        self.p = p

    def __call__(self, image, mask, boxes):
        if random.random() > self.p:
            return image, mask, boxes
        size = len(mask)
        return image[::-1].copy(), mask[::-1].copy(), np.stack(
            [boxes[:, 0], size - boxes[:, 3], boxes[:, 2], size - boxes[:, 1]], 1
        )


class Bright:
    def __call__(self, image, mask, boxes):
        return image * random.uniform(0.8, 1.2), mask, boxes


def to_tensors(sample):
    image, mask = TF.to_tensor(sample["image"]), torch.from_numpy(sample["mask"])
    if random.random() < 0.5:
        image, mask = TF.vflip(image), TF.vflip(mask)
    return {"image": image.float(), "mask": mask.float()}


class Shapes(Dataset):
    def __init__(self, augment):
        self.masks = np.zeros((32, 16, 16), np.float32)
        self.masks[:, 3:9, 2:6] = 1
        self.images = np.repeat(self.masks[..., None], 3, axis=3) + 0.1 * np.random.rand(32, 16, 16, 3).astype("f")
        self.augment = augment

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        boxes = np.array([[2.0, 3.0, 6.0, 9.0]])
        image, mask, boxes = self.augment(self.images[index], self.masks[index], boxes)
        sample = to_tensors({"image": image.copy(), "mask": mask.copy()})
        return sample["image"], sample["mask"]


model = torch.nn.Conv2d(3, 1, 3, padding=1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for images, masks in DataLoader(Shapes(Compose(Mirror(), Turn(0.3), Bright())), batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(model(images)[:, 0], masks).backward()
    optimizer.step()
