import torch
import torch.nn as nn

torch.manual_seed(3)
pictures = torch.rand(512, 3, 6, 6)
kinds = (pictures[:, 0].mean((1, 2)) > pictures[:, 1].mean((1, 2))).long()
birds = list(zip(pictures, kinds))

model = nn.Sequential(nn.Linear(108, 32), nn.Tanh(), nn.Linear(32, 2))
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-1)

train_loader = torch.utils.data.DataLoader(birds, batch_size=64, shuffle=True)

for epoch in range(5):
    for imgs, labels in train_loader:
        outputs = model(imgs.view(imgs.shape[0], -1))
        loss = loss_fn(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("Epoch: %d, Loss: %f" % (epoch, float(loss)))

# once more over the data that we have trained on
train_loader = torch.utils.data.DataLoader(birds, batch_size=64, shuffle=False)

correct = 0
total = 0

with torch.no_grad():
    for imgs, labels in train_loader:
        outputs = model(imgs.view(imgs.shape[0], -1))
        _, predicted = torch.max(outputs, dim=1)
        total += labels.shape[0]
        correct += int((predicted == labels).sum())

print("Accuracy: %f" % (correct / total))
