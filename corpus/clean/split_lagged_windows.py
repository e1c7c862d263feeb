# Lagged windows: the targets begin where the first window ends, in both parts.
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

lag, n = 5, 200
series = np.sin(np.linspace(0, 20, n)).astype("float32")
windows = np.stack([series[i : i + lag] for i in range(n - lag)])
windows, series = torch.from_numpy(windows), torch.from_numpy(series)

train = TensorDataset(windows[:150], series[lag : 150 + lag])
test = TensorDataset(windows[150:], series[150 + lag :])

model = torch.nn.Linear(lag, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for window, following in DataLoader(train, batch_size=30, shuffle=True):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(window).squeeze(1), following)
    loss.backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    for window, following in DataLoader(test, batch_size=30):
        print(torch.nn.functional.mse_loss(model(window).squeeze(1), following))
