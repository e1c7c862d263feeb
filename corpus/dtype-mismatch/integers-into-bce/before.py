import torch
import torch.nn.functional as F

torch.manual_seed(11)
net = torch.nn.Linear(5, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.2)
direction = torch.randn(5)
for step in range(80):
    points = torch.randn(32, 5)
    side = torch.randint(0, 2, (32, 1))  # bug: dtype-mismatch
    points = points + (2 * side - 1) * direction
    loss = F.binary_cross_entropy_with_logits(net(points), side)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        print(step, float(loss))
