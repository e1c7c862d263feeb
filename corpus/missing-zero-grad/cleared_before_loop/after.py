import torch

torch.manual_seed(0)
t = torch.linspace(-1, 1, 200).unsqueeze(1)
curve = 0.5 * t**3 - t + 0.2

poly = torch.nn.Linear(3, 1)
powers = torch.cat([t, t**2, t**3], dim=1)

learning_rate = 0.05
optimizer = torch.optim.SGD(poly.parameters(), lr=learning_rate)

optimizer.zero_grad()
for it in range(1, 121):
    residual = poly(powers) - curve
    loss = residual.pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 20 == 0:
        print("iter", it, "loss", loss.item())

print(poly.weight.data, poly.bias.data)
