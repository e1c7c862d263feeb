import torch

torch.manual_seed(0)
x = torch.rand(150, 2)
y = 3 * x[:, :1] - x[:, 1:] + 0.5

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)

for epoch in range(80):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    if epoch % 20 == 0:
        print(f"{epoch:3d} {loss.item():.4f}")
