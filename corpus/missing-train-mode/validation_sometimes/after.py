import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.utils.data as data


def conv_block(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True))


class SmallNet(nn.Module):
    def __init__(self, n_classes=3):
        super().__init__()
        self.features = nn.Sequential(conv_block(3, 8), nn.MaxPool2d(2), conv_block(8, 16))
        self.classifier = nn.Linear(16, n_classes)

    def forward(self, x):
        return self.classifier(self.features(x).mean(dim=(2, 3)))


def validate(net, loader):
    net.eval()
    n = ok = 0
    with torch.no_grad():
        for img, lab in loader:
            out = net(img)
            ok += int((out.argmax(1) == lab).sum())
            n += lab.numel()
    return ok / n


def train_one_epoch(net, loader, opt):
    net.train()
    running = 0.0
    for img, lab in loader:
        opt.zero_grad()
        loss = F.cross_entropy(net(img), lab)
        loss.backward()
        opt.step()
        running += loss.item() * lab.numel()
    return running / len(loader.dataset)


def main():
    lab = torch.randint(0, 3, (240,))
    img = torch.rand(240, 3, 8, 8) + lab.view(-1, 1, 1, 1) * torch.tensor([0.3, -0.2, 0.1]).view(1, 3, 1, 1)
    train_data = data.TensorDataset(img[:192], lab[:192])
    valid_data = data.TensorDataset(img[192:], lab[192:])
    train_iter = data.DataLoader(train_data, batch_size=24, shuffle=True)
    valid_iter = data.DataLoader(valid_data, batch_size=48)

    net = SmallNet()
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    best = 0.0
    for ep in range(1, 7):
        loss = train_one_epoch(net, train_iter, opt)
        if ep % 2 == 0:
            acc = validate(net, valid_iter)
            best = max(best, acc)
            print("epoch %d loss %.4f acc %.3f best %.3f" % (ep, loss, acc, best))


if __name__ == "__main__":
    main()
