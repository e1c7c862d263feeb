# A network for spectrograms: its Linear layers mix the frequencies, which are the rows of the maps, on purpose; the
# norm behind them takes the maps again.
import torch
import torch.nn as nn


class Mixer(nn.Module):
    def __init__(self, channels, frequencies, bottleneck=4):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU())
        self.pool = nn.AvgPool2d(3, stride=1, padding=1)
        self.mix = nn.Sequential(
            nn.Linear(frequencies, frequencies // bottleneck),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Linear(frequencies // bottleneck, frequencies),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        )

    def forward(self, x):
        x = self.pool(self.conv(x))
        return x + self.mix(x)


class Separator(nn.Module):
    def __init__(self, frequencies):
        super().__init__()
        self.first = nn.Conv2d(2, 8, 1)
        self.blocks = nn.ModuleList([Mixer(8, frequencies) for _ in range(2)])
        self.last = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = block(x)
        return self.last(x)


def spectrogram(seed):
    waves = [[((seed + t) * f % 17) / 17 for f in range(16)] for t in range(6)]
    return torch.tensor([waves, waves])


torch.manual_seed(0)
mixes = torch.stack([spectrogram(seed) for seed in range(8)])
net = Separator(mixes.shape[-1])
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(5):
    optimizer.zero_grad()
    loss = nn.functional.l1_loss(net(mixes), 0.5 * mixes)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
