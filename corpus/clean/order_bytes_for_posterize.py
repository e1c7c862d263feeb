# The tensors are bytes until ConvertImageDtype: RandomPosterize takes them, Normalize gets floats.
import torch
from torchvision import datasets
from torchvision import transforms as T

chain = T.Compose([
    T.PILToTensor(),
    T.RandomPosterize(bits=4),
    T.RandomEqualize(),
    T.ConvertImageDtype(torch.float32),
    T.ConvertImageDtype(torch.uint8),
    T.RandAugment(),
    T.ConvertImageDtype(torch.float32),
    T.Normalize([0.5] * 3, [0.5] * 3),
])
data = datasets.FakeData(40, (3, 16, 16), 2, chain)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(768, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x, y in torch.utils.data.DataLoader(data, batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
