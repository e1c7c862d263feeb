import numpy as np
import torch
from torch import nn
from torch.utils import data


class Spectra(data.Dataset):
    def __init__(self, spectra: torch.Tensor, substance: torch.Tensor):
        self.spectra = spectra
        self.substance = substance

    def __getitem__(self, i):
        spectrum = self.spectra[i]
        offset = np.random.randint(-3, 4)
        spectrum = torch.roll(spectrum, offset)
        return spectrum, self.substance[i]

    def __len__(self):
        return len(self.spectra)


torch.manual_seed(1)
substance = torch.randint(0, 3, (120,))
spectra = 0.3 * torch.rand(120, 40)
for row, kind in enumerate(substance.tolist()):
    spectra[row, 10 * kind + 5 : 10 * kind + 9] += 1

everything = Spectra(spectra, substance)
training, validation = data.random_split(everything, [0.75, 0.25])  # bug: augmented-evaluation

net = nn.Sequential(nn.Linear(40, 32), nn.ReLU(), nn.Linear(32, 3))
adam = torch.optim.Adam(net.parameters(), lr=0.01)
ce = nn.CrossEntropyLoss()
for epoch in range(5):
    net.train()
    for x, y in data.DataLoader(training, batch_size=15, shuffle=True):
        adam.zero_grad()
        ce(net(x), y).backward()
        adam.step()
    net.eval()
    with torch.no_grad():
        for x, y in data.DataLoader(validation, batch_size=30):
            print(epoch, ce(net(x), y).item())
