# What the Lambda gives to ToTensor is an image again, so that Normalize before it and ToTensor behind it are both right.
import torch
from torchvision import transforms
from torchvision.transforms.functional import to_pil_image

squash = transforms.Compose([
    transforms.Normalize([0.5], [0.5]),
    transforms.Lambda(lambda t: to_pil_image(t.clamp(0, 1))),
    transforms.ToTensor(),
])


class Waves(torch.utils.data.Dataset):
    def __init__(self):
        self.rows = torch.rand(60, 1, 6, 6)

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return squash(self.rows[index]), index % 2


model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(36, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader(Waves(), batch_size=12, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
