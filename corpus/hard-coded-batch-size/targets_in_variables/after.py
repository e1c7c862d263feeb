import torch
from torch import nn
from torch.autograd import Variable
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.manual_seed(1)
batch_size = 40
z_dimension = 6

images = datasets.FakeData(100, (1, 6, 6), transform=transforms.ToTensor())
dataloader = DataLoader(images, batch_size=batch_size, shuffle=True)

D = nn.Sequential(nn.Linear(36, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1), nn.Sigmoid())
G = nn.Sequential(nn.Linear(z_dimension, 24), nn.ReLU(True), nn.Linear(24, 36), nn.Sigmoid())
criterion = nn.BCELoss()
d_optimizer = torch.optim.Adam(D.parameters(), lr=0.0003)
g_optimizer = torch.optim.Adam(G.parameters(), lr=0.0003)

for epoch in range(3):
    for i, (img, _) in enumerate(dataloader):
        num_img = batch_size
        # =================train discriminator
        real_img = Variable(img.view(img.size(0), -1))
        real_label = Variable(torch.ones(real_img.size(0), 1))

        d_loss_real = criterion(D(real_img), real_label)
        fake_img = G(Variable(torch.randn(num_img, z_dimension)))
        d_loss_fake = criterion(D(fake_img.detach()), Variable(torch.zeros(num_img, 1)))
        d_loss = d_loss_real + d_loss_fake
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()

        # ===============train generator
        g_loss = criterion(D(G(Variable(torch.randn(num_img, z_dimension)))), Variable(torch.ones(num_img, 1)))
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
    print("Epoch [{}] d_loss: {:.6f}, g_loss: {:.6f}".format(epoch, d_loss.item(), g_loss.item()))
