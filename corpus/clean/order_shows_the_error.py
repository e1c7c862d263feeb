# Shows what Normalize in front of ToTensor raises, on purpose: the error is caught.
import torch
from torchvision import datasets, transforms

wrong = transforms.Compose([transforms.Normalize([0.5], [0.5]), transforms.ToTensor()])
right = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.5] * 3, [0.5] * 3)])
picture, _ = datasets.FakeData(1, (3, 8, 8))[0]
try:
    wrong(picture)
except TypeError as error:
    print("as expected:", error)

model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for x, y in torch.utils.data.DataLoader(datasets.FakeData(32, (3, 8, 8), 2, right), batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
