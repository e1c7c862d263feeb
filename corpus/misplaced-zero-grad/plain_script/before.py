import torch

x = torch.rand(128, 4)
w_true = torch.tensor([2.0, -1.0, 0.5, 3.0])
y = x @ w_true

model = torch.nn.Linear(4, 1, bias=False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(100):
    y_hat = model(x).squeeze(1)
    loss = torch.mean((y_hat - y) ** 2)
    loss.backward()
    optimizer.zero_grad()  # bug: misplaced-zero-grad
    optimizer.step()
    if epoch % 20 == 0:
        print(epoch, loss.item())
