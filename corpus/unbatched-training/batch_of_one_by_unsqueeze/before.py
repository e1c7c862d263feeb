import torch
import torch.nn.functional as F

torch.manual_seed(2)
inputs = torch.rand(160, 6)
labels = (inputs.sum(dim=1) > 3).long()

net = torch.nn.Sequential(torch.nn.Linear(6, 24), torch.nn.Tanh(), torch.nn.Linear(24, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)


def fit():
    for epoch in range(3):
        for idx in range(inputs.shape[0]):  # bug: unbatched-training
            logits = net(inputs[idx].unsqueeze(0))
            loss = F.cross_entropy(logits, labels[idx].unsqueeze(0))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if idx % 40 == 0:
                print(epoch, idx, loss.item())


fit()
