# %% two of the ten classes
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

torch.manual_seed(0)
pictures = datasets.FakeData(300, (3, 8, 8), 4, transform=transforms.ToTensor())
label_map = {0: 0, 2: 1}
two = [(img, label_map[int(label)]) for img, label in pictures if int(label) in label_map]
train_loader = torch.utils.data.DataLoader(two, batch_size=20, shuffle=True)


# %% the network
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, kernel_size=3, padding=1)
        self.fc1 = nn.Linear(6 * 4 * 4, 16)
        self.fc2 = nn.Linear(16, 2)

    def forward(self, x):
        out = F.max_pool2d(torch.tanh(self.conv(x)), 2)
        out = out.view(out.size(0), 6 * 4 * 4)
        return self.fc2(torch.tanh(self.fc1(out)))


# %% training
def training_loop(n_epochs, optimizer, model, loss_fn, loader):
    for epoch in range(1, n_epochs + 1):
        loss_train = 0.0
        for imgs, labels in loader:
            loss = loss_fn(model(imgs), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_train += loss.item()
        print(f"Epoch {epoch}, training loss {loss_train / len(loader)}")


model = Net()
training_loop(2, torch.optim.SGD(model.parameters(), lr=1e-2), model, nn.CrossEntropyLoss(), train_loader)
