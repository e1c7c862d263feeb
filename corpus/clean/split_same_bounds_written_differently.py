# The same border, spelled in two ways.
import torch
from torch.utils.data import DataLoader, TensorDataset

images = torch.rand(250, 1, 6, 6)
labels = torch.randint(0, 2, (250,))

total = images.shape[0]
border = total - 50
train = TensorDataset(images[0:border], labels[: len(labels) - 50])
test = TensorDataset(images[border:], labels[-50:])

model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(36, 2))
optimizer = torch.optim.Adam(model.parameters())
for x, y in DataLoader(train, batch_size=40, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
print(len(test))
