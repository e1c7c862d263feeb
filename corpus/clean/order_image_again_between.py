# ToTensor stands twice, but a ToPILImage between the two makes an image again: slow, and right.
import torch
from torchvision import datasets, transforms as T

noise = T.Compose([
    T.ToTensor(),
    T.RandomErasing(p=0.5),
    T.ToPILImage(),
    T.RandAugment(),
    T.ToTensor(),
])
loader = torch.utils.data.DataLoader(datasets.FakeData(64, (3, 16, 16), 4, noise), batch_size=8, shuffle=True)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(768, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for x, y in loader:
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
