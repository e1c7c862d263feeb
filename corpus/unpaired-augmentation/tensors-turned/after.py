import torch
from torch import nn, optim
from torch.utils import data


class Fields(data.Dataset):
    """Fields with a darker corner, which is to be found."""

    def __init__(self, n=128):
        corner = torch.randint(3, 8, (n,))
        self.label_maps = torch.zeros(n, 12, 12, dtype=torch.long)
        for i, size in enumerate(corner):
            self.label_maps[i, :size, : size + 2] = 1
        self.photos = 0.3 * torch.randn(n, 3, 12, 12) - self.label_maps.unsqueeze(1).float()

    def __len__(self):
        return len(self.photos)

    def __getitem__(self, index):
        photo = self.photos[index]
        label_map = self.label_maps[index]
        quarter_turns = int(torch.randint(0, 4, (1,)))
        photo = torch.rot90(photo, quarter_turns, [1, 2])
        label_map = torch.rot90(label_map, quarter_turns, [-2, -1])
        mirror = torch.rand(1).item() < 0.5
        if mirror:
            photo = torch.flip(photo, dims=[-1])
            label_map = torch.flip(label_map, dims=[-1])
        return photo, label_map


def fit(epochs=5):
    torch.manual_seed(8)
    fields = data.DataLoader(Fields(), batch_size=16, shuffle=True)
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 2, 1))
    optimizer = optim.AdamW(net.parameters(), lr=1e-2)
    for epoch in range(epochs):
        for photos, label_maps in fields:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(photos), label_maps)
            loss.backward()
            optimizer.step()
        print(epoch, round(loss.item(), 4))


fit()
