# A Sequential that is called on its way, with another size at each stage: each call has the layers of its moment.
import torch
import torch.nn as nn

torch.manual_seed(9)
pictures = torch.rand(96, 1, 12, 12)
labels = (pictures[:, 0, :6].mean((1, 2)) > pictures[:, 0, 6:].mean((1, 2))).long()

stages = nn.Sequential()
stages.add_module("conv1", nn.Conv2d(1, 6, kernel_size=3, padding=1))
stages.add_module("relu1", nn.ReLU())
stages.add_module("pool1", nn.MaxPool2d(2))

# what comes out so far?
print(stages(pictures[:4]).shape)

stages.add_module("flatten", nn.Flatten())
print(stages(pictures[:4]).shape)

stages.add_module("fc1", nn.Linear(216, 20))
stages.add_module("relu2", nn.ReLU())
stages.add_module("fc2", nn.Linear(20, 2))

loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(stages.parameters(), lr=0.01)

for epoch in range(12):
    for start in range(0, len(pictures), 16):
        optimizer.zero_grad()
        loss = loss_fn(stages(pictures[start : start + 16]), labels[start : start + 16])
        loss.backward()
        optimizer.step()
    print(epoch, round(loss.item(), 4))
