# Linear and logistic regression have no hidden units: all weights at zero is where they start by the book.
import torch

x = torch.randn(200, 4)
y = x @ torch.tensor([[1.0], [2.0], [-1.0], [0.5]])
line = torch.nn.Linear(4, 1)
torch.nn.init.zeros_(line.weight)
torch.nn.init.zeros_(line.bias)
optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
for _ in range(20):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(line(x), y).backward()
    optimizer.step()

classes = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 3))
classes[1].weight.data.zero_()
classes[1].bias.data.zero_()
optimizer = torch.optim.SGD(classes.parameters(), lr=0.1)
for _ in range(20):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(classes(x), x[:, :3].argmax(dim=1)).backward()
    optimizer.step()
