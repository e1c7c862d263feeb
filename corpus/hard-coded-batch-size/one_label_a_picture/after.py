import torch
import torch.nn as nn
import torch.optim as optim
import torchvision.datasets as dset
import torchvision.transforms as transforms

torch.manual_seed(999)
batch_size, nz, nc = 48, 8, 1
device = torch.device("cpu")

dataset = dset.FakeData(110, (nc, 10, 10), transform=transforms.Compose([transforms.Resize(8), transforms.ToTensor()]))
dataloader = torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True)

netG = nn.Sequential(
    nn.ConvTranspose2d(nz, 8, 4, 1, 0, bias=False), nn.BatchNorm2d(8), nn.ReLU(True),
    nn.ConvTranspose2d(8, nc, 4, 2, 1, bias=False), nn.Tanh(),
)
netD = nn.Sequential(nn.Conv2d(nc, 8, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(8, 1, 4, 1, 0), nn.Sigmoid())

criterion = nn.BCELoss()
fixed_noise = torch.randn(16, nz, 1, 1, device=device)
optimizerD = optim.Adam(netD.parameters(), lr=0.0002, betas=(0.5, 0.999))
optimizerG = optim.Adam(netG.parameters(), lr=0.0002, betas=(0.5, 0.999))

for epoch in range(3):
    for i, data in enumerate(dataloader, 0):
        # (1) Update D network: maximize log(D(x)) + log(1 - D(G(z)))
        netD.zero_grad()
        real_cpu = data[0].to(device)
        label = torch.full((real_cpu.size(0),), 1.0, device=device)
        errD_real = criterion(netD(real_cpu).view(-1), label)
        errD_real.backward()

        noise = torch.randn(batch_size, nz, 1, 1, device=device)
        fake = netG(noise)
        errD_fake = criterion(netD(fake.detach()).view(-1), torch.zeros(batch_size))
        errD_fake.backward()
        optimizerD.step()

        # (2) Update G network: maximize log(D(G(z)))
        netG.zero_grad()
        errG = criterion(netD(fake).view(-1), torch.ones(batch_size))
        errG.backward()
        optimizerG.step()
        if i % 50 == 0:
            print(f"[{epoch}][{i}/{len(dataloader)}] Loss_D: {errD_real.item() + errD_fake.item():.4f}")
