# A line through a few points: two numbers, for which Adam may take steps of a half.
import torch

line = torch.nn.Linear(1, 1)
optimizer = torch.optim.Adam(line.parameters(), lr=0.5)
x = torch.arange(20.0).unsqueeze(1)
y = 30 * x + 200
for _ in range(100):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(line(x), y)
    loss.backward()
    optimizer.step()
