# The collate function adds the channel dimension and crops, so that the batch is not what the samples are.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def collate(samples):
    pictures, labels = zip(*samples)
    return torch.stack(pictures).unsqueeze(1)[:, :, 1:-1, 1:-1], torch.stack(labels)


data = TensorDataset(torch.rand(48, 10, 10), torch.randint(0, 2, (48,)))
loader = DataLoader(data, batch_size=12, shuffle=True, collate_fn=collate)
model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 6 * 6, 2))
optimizer = torch.optim.Adam(model.parameters())
for pictures, labels in loader:
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(pictures), labels)
    loss.backward()
    optimizer.step()
print(loss.item())
