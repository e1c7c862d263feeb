# which optimizer is best? one network and one list of losses for each
import torch
import torch.nn as nn

torch.manual_seed(1)
x = torch.linspace(-1, 1, 400).unsqueeze(1)
y = x.pow(2)

nets = [nn.Linear(1, 1) for _ in range(2)]
optimizers = [torch.optim.SGD(nets[0].parameters(), lr=0.1), torch.optim.Adam(nets[1].parameters(), lr=0.01)]
histories = [[], []]

for epoch in range(6):
    for batch_x, batch_y in zip(x.split(8), y.split(8)):
        for net, opt, history in zip(nets, optimizers, histories):
            loss = nn.functional.mse_loss(net(batch_x), batch_y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            history.append(loss.item())

for name, history in zip(("SGD", "Adam"), histories):
    print(name, f"{history[-1]:.4f}")
