import torch
import torch.nn as nn

# A small convolutional network, built up step by step as in a lecture

torch.manual_seed(4)
images = torch.rand(96, 1, 12, 12)
labels = (images[:, 0, :6].mean((1, 2)) > images[:, 0, 6:].mean((1, 2))).long()

model = nn.Sequential()
model.add_module("conv1", nn.Conv2d(1, 6, kernel_size=3, padding=1))
model.add_module("relu1", nn.ReLU())
model.add_module("pool1", nn.MaxPool2d(2))

# what comes out so far?
print(model(images[:4]).shape)

model.add_module("flatten", nn.Flatten())
print(model(images[:4]).shape)

model.add_module("fc1", nn.Linear(432, 20))  # bug: linear-shape-mismatch
model.add_module("relu2", nn.ReLU())
model.add_module("fc2", nn.Linear(20, 2))

loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(12):
    for start in range(0, len(images), 16):
        optimizer.zero_grad()
        loss = loss_fn(model(images[start : start + 16]), labels[start : start + 16])
        loss.backward()
        optimizer.step()
    print(epoch, round(loss.item(), 4))
