import torch

torch.manual_seed(9)
basis = torch.randn(3, 8)
net = torch.nn.Sequential(torch.nn.Linear(8, 3, bias=False), torch.nn.Linear(3, 8, bias=False))
opt = torch.optim.Adam(net.parameters(), lr=0.02)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=120)

step = 0
while step < 120:
    batch = torch.randn(40, 3) @ basis
    opt.zero_grad(set_to_none=True)
    loss = (net(batch) - batch).square().mean()
    opt.step()  # bug: step-before-backward
    sched.step()
    loss.backward()
    step += 1
    if step % 40 == 0:
        print(step, loss.item())
