import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset, Subset


class Spirals(Dataset):
    """Points of two spirals, made one by one."""

    def __init__(self, n=240, seed=3):
        g = torch.Generator().manual_seed(seed)
        self.kind = torch.randint(0, 2, (n,), generator=g)
        turn = torch.rand(n, generator=g) * 6
        angle = turn + 3.14 * self.kind
        self.points = torch.stack([turn * angle.cos(), turn * angle.sin()], 1) / 6
        self.points += 0.05 * torch.randn(n, 2, generator=g)

    def __len__(self):
        return len(self.kind)

    def __getitem__(self, i):
        return self.points[i], self.kind[i]


def main(epochs=8):
    torch.manual_seed(0)
    ds = Spirals()
    n = len(ds)
    tr = Subset(ds, range(0, int(.8 * n)))
    va = Subset(ds, range(int(.7 * n), n))  # bug: overlapping-split
    tl, vl = DataLoader(tr, batch_size=16, shuffle=True), DataLoader(va, batch_size=16)

    model = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 2))
    optim = torch.optim.Adam(model.parameters(), lr=1e-2)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        for points, kind in tl:
            optim.zero_grad()
            loss = criterion(model(points), kind)
            loss.backward()
            optim.step()
        hits = 0
        with torch.no_grad():
            for points, kind in vl:
                hits += (model(points).argmax(1) == kind).sum().item()
        print(f"{epoch}: validation {hits / len(va):.2f}")


if __name__ == "__main__":
    main()
