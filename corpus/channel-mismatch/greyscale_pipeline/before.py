import torch
import torchvision
import torchvision.transforms as T

torch.manual_seed(0)

tf = T.Compose([
    T.Grayscale(),
    T.Resize((24, 24)),
    T.ToTensor(),
    T.Normalize((0.5,), (0.5,)),
])
train_set = torchvision.datasets.FakeData(size=96, image_size=(3, 32, 32), num_classes=3, transform=tf)
train_loader = torch.utils.data.DataLoader(train_set, batch_size=16, shuffle=True)

net = torch.nn.Sequential(
    torch.nn.Conv2d(3, 6, 5, stride=2),  # bug: channel-mismatch
    torch.nn.ReLU(),
    torch.nn.Flatten(),
    torch.nn.Linear(6 * 10 * 10, 3),
)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_fn = torch.nn.CrossEntropyLoss()

# %%
for epoch in range(3):
    for images, targets in train_loader:
        optimizer.zero_grad()
        loss = loss_fn(net(images), targets)
        loss.backward()
        optimizer.step()
    print(epoch, float(loss))
