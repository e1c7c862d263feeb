import torch
import torch.nn as nn


def conv_block(in_planes, out_planes, kernel_size, reflection_pad=True, with_relu=True):
    layers = []
    padding = (kernel_size - 1) // 2
    if reflection_pad:
        layers.append(nn.ReflectionPad2d(padding))
        padding = 0
    layers += [
        nn.Conv2d(in_planes, out_planes, kernel_size=kernel_size, padding=padding),
        nn.InstanceNorm2d(out_planes),
    ]
    if with_relu:
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = conv_block(3, 8, 5)
        self.middle = nn.Sequential(*[conv_block(8, 8, 3, reflection_pad=False) for _ in range(2)])
        self.decode = nn.Conv2d(8, 3, 3, padding=1)

    def forward(self, x):
        return self.decode(self.middle(self.encode(x)))


torch.manual_seed(0)
photos = torch.rand(4, 24, 20, 3)  # bug: channels-last-sample
model = Autoencoder()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(4):
    optimizer.zero_grad()
    loss = (model(photos) - 0.5).abs().mean()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
