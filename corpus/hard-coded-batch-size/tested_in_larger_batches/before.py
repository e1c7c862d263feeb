import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(2)


class SmallLeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.cn1 = nn.Conv2d(1, 4, 3)
        self.cn2 = nn.Conv2d(4, 8, 3)
        self.fc = nn.Linear(8 * 4, 2)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.cn1(x)), 2)
        x = F.max_pool2d(F.relu(self.cn2(x)), 2)
        x = x.view(8, 32)  # bug: hard-coded-batch-size
        return self.fc(x)


pictures = torch.rand(320, 1, 14, 14)
classes = (pictures[..., :7].mean((1, 2, 3)) > pictures[..., 7:].mean((1, 2, 3))).long()
trainset = TensorDataset(pictures[:240], classes[:240])
testset = TensorDataset(pictures[240:], classes[240:])
trainloader = DataLoader(trainset, batch_size=8, shuffle=True)
testloader = DataLoader(testset, batch_size=80, shuffle=False)


def train(net, trainloader, optimizer, epoch):
    net.train()
    for ip, ground_truth in trainloader:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(ip), ground_truth)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1}: {loss.item():.3f}")


def test(net, testloader):
    net.eval()
    success = 0
    with torch.no_grad():
        for im, ground_truth in testloader:
            success += (net(im).argmax(1) == ground_truth).sum().item()
    print(f"{success} of {len(testset)} right")


lenet = SmallLeNet()
optimizer = optim.Adam(lenet.parameters(), lr=0.01)
for epoch in range(4):
    train(lenet, trainloader, optimizer, epoch)
test(lenet, testloader)
