"""Roads in pictures from above; what is done to picture and mask stands in functions, one for each kind."""
import numpy as np
import torch
from torch import nn
from torch.utils import data


def random_turn(image, mask, u=0.5):
    if np.random.random() < u:
        image = np.rot90(image)
        mask = np.rot90(mask)
    return image, mask


def random_flip(image, mask, u=0.5):
    if np.random.random() < u:
        image = np.fliplr(image)
        mask = np.fliplr(mask)
    return image, mask


def random_brightness(image, limit=0.1):
    return np.clip(image + np.random.uniform(-limit, limit), 0, 1)


class Roads(data.Dataset):
    def __init__(self, count):
        rng = np.random.default_rng(2)
        self.masks = np.zeros((count, 16, 16), np.float32)
        for mask in self.masks:
            row = rng.integers(1, 12)
            mask[row:row + 3, :] = 1
        self.images = 0.5 * self.masks + 0.4 * rng.random(self.masks.shape, dtype=np.float32)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, mask = self.images[index], self.masks[index]
        image = random_brightness(image)
        image, mask = random_turn(image, mask)
        image, mask = random_flip(image, mask)
        image = torch.from_numpy(np.ascontiguousarray(image)).float()
        mask = torch.from_numpy(np.ascontiguousarray(mask)).float()
        return image[None], mask[None]


def fit(model, loader, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    loss_function = nn.BCEWithLogitsLoss()
    for epoch in range(1, epochs + 1):
        for image, mask in loader:
            loss = loss_function(model(image), mask)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(epoch, float(loss))


if __name__ == "__main__":
    torch.manual_seed(0)
    np.random.seed(0)
    fit(nn.Conv2d(1, 1, 5, padding=2), data.DataLoader(Roads(64), batch_size=8, shuffle=True), 6)
