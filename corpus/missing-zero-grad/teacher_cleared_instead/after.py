import torch
import torch.nn as nn
import torch.nn.functional as F

teacher = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 4))
student = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 4))
teacher.eval()

optimizer = torch.optim.SGD(student.parameters(), lr=0.05)
T = 2.0

for step in range(150):
    teacher.zero_grad()
    x = torch.randn(32, 10)
    with torch.no_grad():
        soft = F.softmax(teacher(x) * 8 / T, dim=1)
    loss = F.kl_div(F.log_softmax(student(x) / T, dim=1), soft, reduction="batchmean") * T * T
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(step, loss.item())
