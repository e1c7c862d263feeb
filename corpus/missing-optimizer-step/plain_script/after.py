import torch

torch.manual_seed(0)
inputs = torch.randn(200, 3)
targets = inputs @ torch.tensor([[1.5], [-2.0], [0.7]]) + 0.3

net = torch.nn.Linear(3, 1)
criterion = torch.nn.MSELoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)

for epoch in range(60):
    optimizer.zero_grad()
    outputs = net(inputs)
    loss = criterion(outputs, targets)
    # compute the gradients
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        print("epoch", epoch, "loss", loss.item())
