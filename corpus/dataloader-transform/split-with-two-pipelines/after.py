import torch
import torchvision


class TransformedDataset(torch.utils.data.Dataset):
    """Applies a transform to the first element of every sample of another dataset."""

    def __init__(self, dataset, transform):
        self.dataset = dataset
        self.transform = transform

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        sample, target = self.dataset[index]
        return self.transform(sample), target


torch.manual_seed(11)

# ---------------------------------------------------------------- data
full = torchvision.datasets.FakeData(size=240, image_size=(3, 16, 16), num_classes=2)
train_part, val_part = torch.utils.data.random_split(full, [200, 40])

train_tf = torchvision.transforms.Compose([
    torchvision.transforms.RandomCrop(16, padding=2),
    torchvision.transforms.RandomHorizontalFlip(),
    torchvision.transforms.ToTensor(),
])
val_tf = torchvision.transforms.ToTensor()

train_dl = torch.utils.data.DataLoader(TransformedDataset(train_part, train_tf), batch_size=20, shuffle=True)
val_dl = torch.utils.data.DataLoader(TransformedDataset(val_part, val_tf), batch_size=40)

# ---------------------------------------------------------------- model
net = torch.nn.Sequential(
    torch.nn.Conv2d(3, 6, 3),
    torch.nn.ReLU(),
    torch.nn.Flatten(),
    torch.nn.Linear(6 * 14 * 14, 2),
)
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)

# ---------------------------------------------------------------- training
for epoch in range(3):
    net.train()
    for xb, yb in train_dl:
        loss = torch.nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()

    net.eval()
    with torch.no_grad():
        losses = [torch.nn.functional.cross_entropy(net(xb), yb).item() for xb, yb in val_dl]
    print("epoch", epoch, "val", sum(losses) / len(losses))
