# A lesson that trains once as it should be, and once without clearing, which a remark calls deliberate.
import torch
from torch import nn, optim

x_train = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
y_train = 2 * x_train + 1

# %% as it should be
model = nn.Linear(1, 1)
loss_fn = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.01)
for epoch in range(100):
    loss = loss_fn(model(x_train), y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print("W =", model.weight.item(), "b =", model.bias.item())

# %% what happens when the gradients add up
unstable = nn.Linear(1, 1)
optimizer = optim.SGD(unstable.parameters(), lr=0.01)
for epoch in range(100):
    loss = loss_fn(unstable(x_train), y_train)

    # intentionally no optimizer.zero_grad() here
    loss.backward()
    optimizer.step()

    if epoch % 20 == 0:
        print(f"epoch {epoch}, loss = {loss.item():.4f}")
