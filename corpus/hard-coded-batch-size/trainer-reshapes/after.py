import torch
import torch.utils.data as tud


class Pairs(tud.Dataset):
    def __init__(self, n):
        self.values = torch.randn(n, 3, 4)
        self.sums = self.values.sum(dim=(1, 2))

    def __len__(self):
        return len(self.values)

    def __getitem__(self, k):
        return self.values[k], self.sums[k]


class Trainer:
    def __init__(self, net, dataset):
        self.net = net
        self.loader = tud.DataLoader(dataset, batch_size=10, shuffle=True)
        self.opt = torch.optim.SGD(net.parameters(), lr=0.02)
        self.loss = torch.nn.MSELoss()

    def step(self, values, sums):
        self.opt.zero_grad()
        out = self.net(torch.reshape(values, (values.size(0), 12)))
        loss = self.loss(out.squeeze(1), sums)
        loss.backward()
        self.opt.step()
        return loss.item()

    def fit(self, epochs):
        for epoch in range(epochs):
            losses = [self.step(values, sums) for values, sums in self.loader]
            print(epoch, sum(losses) / len(losses))


torch.manual_seed(2)
Trainer(torch.nn.Linear(12, 1), Pairs(64)).fit(5)
