import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(11)
features = torch.randn(640, 14)
labels = (features[:, :2].sum(1) > 0).long()
trainloader = DataLoader(TensorDataset(features[:512], labels[:512]), batch_size=32, shuffle=True)
testloader = DataLoader(TensorDataset(features[512:], labels[512:]), batch_size=32)

model = nn.Sequential(
    nn.Linear(14, 40), nn.ReLU(), nn.Dropout(0.2), nn.Linear(40, 2), nn.LogSoftmax(dim=1)
)
criterion = nn.NLLLoss()
optimizer = optim.Adam(model.parameters(), lr=0.003)


def validation(model, testloader, criterion):
    test_loss, accuracy = 0, 0
    for inputs, targets in testloader:  # bug: missing-no-grad
        output = model.forward(inputs)
        test_loss += criterion(output, targets).item()
        accuracy += (output.max(dim=1)[1] == targets).float().mean().item()
    return test_loss, accuracy


steps, running_loss, print_every = 0, 0, 16
for e in range(3):
    model.train()
    for inputs, targets in trainloader:
        steps += 1
        optimizer.zero_grad()
        loss = criterion(model.forward(inputs), targets)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        if steps % print_every == 0:
            model.eval()
            test_loss, accuracy = validation(model, testloader, criterion)
            print(e + 1, running_loss / print_every, test_loss / len(testloader), accuracy / len(testloader))
            running_loss = 0
            model.train()

model.eval()
with torch.no_grad():
    print("in the end", validation(model, testloader, criterion))
