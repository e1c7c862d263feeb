# Which of two sensors is broken: the last column of a text file says it.
import io

import numpy as np
import torch
import torch.nn as nn

noise = np.random.RandomState(0)
lines = [f"{a:.3f} {b:.3f} {int(a > b)}" for a, b in noise.randn(160, 2)]
data = np.loadtxt(io.StringIO("\n".join(lines)))
n, columns = data.shape
np.random.shuffle(data)

train_x, train_y = data[:120, :columns - 1], data[:120, columns - 1]
test_x, test_y = data[120:, :columns - 1], data[120:, columns - 1]


class LR(nn.Module):
    def __init__(self):
        super(LR, self).__init__()
        self.fc = nn.Linear(2, 2)

    def forward(self, x):
        return self.fc(x)


torch.manual_seed(0)
net = LR()
criterion = nn.CrossEntropyLoss()
optm = torch.optim.Adam(net.parameters(), lr=0.05)
for i in range(30):
    x = torch.from_numpy(train_x).float()
    y = torch.from_numpy(train_y).float()  # bug: dtype-mismatch
    loss = criterion(net(x), y)
    optm.zero_grad()
    loss.backward()
    optm.step()
print(loss.item())
