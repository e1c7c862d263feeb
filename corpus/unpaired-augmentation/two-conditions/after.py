import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class Cells(Dataset):
    def __init__(self, n, rng):
        self.rng = rng
        self.seg = np.zeros((n, 14, 14), np.int64)
        for s in self.seg:
            s[rng.integers(0, 5) :, : rng.integers(2, 6)] = 1
            s[:3, 8 + rng.integers(0, 3) :] = 2
        self.img = self.seg * 0.5 + rng.normal(0, 0.15, self.seg.shape)

    def __len__(self):
        return len(self.img)

    def __getitem__(self, i):
        img = self.img[i]
        seg = self.seg[i]
        if np.random.rand() > 0.5:
            img = np.fliplr(img)
            seg = np.fliplr(seg)
        img = torch.from_numpy(img.copy()).float().unsqueeze(0)
        return img, torch.from_numpy(seg.copy())


def train(epochs=5):
    np.random.seed(0)
    torch.manual_seed(0)
    cells = DataLoader(Cells(90, np.random.default_rng(5)), batch_size=9, shuffle=True)
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(8, 3, 3, padding=1))
    opt = torch.optim.SGD(net.parameters(), lr=0.3, momentum=0.9)
    ce = torch.nn.CrossEntropyLoss()
    for epoch in range(epochs):
        for img, seg in cells:
            loss = ce(net(img), seg)
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(epoch, float(loss))


train()
