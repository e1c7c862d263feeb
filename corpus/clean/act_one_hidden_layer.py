# The textbook network: one hidden layer of logistic units, the output's sigmoid undone by the cross-entropy.
import torch

net = torch.nn.Sequential(
    torch.nn.Linear(8, 32),
    torch.nn.Sigmoid(),
    torch.nn.Linear(32, 1),
    torch.nn.Sigmoid(),
)
x = torch.randn(200, 8)
y = (x[:, :1] * x[:, 1:2] > 0).float()
loss_fn = torch.nn.BCELoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
for epoch in range(20):
    optimizer.zero_grad()
    loss = loss_fn(net(x), y)
    loss.backward()
    optimizer.step()
