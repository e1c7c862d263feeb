import torch
import torchvision

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

train_dl = torch.utils.data.DataLoader(train_part, batch_size=20, shuffle=True, transform=train_tf)  # bug: dataloader-transform
val_dl = torch.utils.data.DataLoader(val_part, batch_size=40, transform=val_tf)  # bug: dataloader-transform

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
