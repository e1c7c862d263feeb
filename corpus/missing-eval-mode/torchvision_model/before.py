import torch
import torchvision
from torch.utils.data import DataLoader, TensorDataset

classes = torch.randint(0, 2, (48,))
pictures = torch.rand(48, 3, 32, 32)
pictures[:, 0] += classes.view(-1, 1, 1)
trainset = TensorDataset(pictures[:32], classes[:32])
testset = TensorDataset(pictures[32:], classes[32:])
trainloader = DataLoader(trainset, batch_size=8, shuffle=True)
testloader = DataLoader(testset, batch_size=8)

net = torchvision.models.shufflenet_v2_x0_5(num_classes=2)
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)


def train(epoch):
    net.train()
    for inputs, targets in trainloader:
        optimizer.zero_grad()
        loss = criterion(net(inputs), targets)
        loss.backward()
        optimizer.step()
    print("epoch", epoch, "loss", loss.item())


def test(epoch):
    correct = 0
    with torch.no_grad():
        for inputs, targets in testloader:  # bug: missing-eval-mode
            correct += net(inputs).argmax(1).eq(targets).sum().item()
    print("epoch", epoch, "accuracy", correct / len(testset))


for epoch in range(3):
    train(epoch)
    test(epoch)
