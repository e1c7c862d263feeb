# %%
import numpy as np
import torch
from PIL import Image
from torchvision.transforms import Compose, PILToTensor, RandomHorizontalFlip, Resize, ToTensor

# %%
image_transform = Compose([Resize((16, 16)), RandomHorizontalFlip(0.5), ToTensor()])
mask_transform = Compose([Resize((16, 16), interpolation=0), RandomHorizontalFlip(0.5), PILToTensor()])


class Roads(torch.utils.data.Dataset):
    def __init__(self, n=80):
        rng = np.random.default_rng(2)
        self.pairs = []
        for _ in range(n):
            road = np.zeros((24, 24), np.uint8)
            left = rng.integers(0, 8)
            road[:, left : left + 6] = 1
            picture = np.where(road, 170, 70) + rng.integers(-50, 50, road.shape)
            self.pairs.append((Image.fromarray(picture.astype(np.uint8)), Image.fromarray(road)))

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, k):
        image, mask = self.pairs[k]
        random_state = torch.get_rng_state()
        image = image_transform(image)
        torch.set_rng_state(random_state)
        mask = mask_transform(mask)
        return {"image": image, "mask": mask.float()}


# %%
torch.manual_seed(0)
dl = torch.utils.data.DataLoader(Roads(), batch_size=8, shuffle=True)
net = torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5, padding=2), torch.nn.Tanh(), torch.nn.Conv2d(6, 1, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-2)

# %%
for epoch in range(5):
    for batch in dl:
        opt.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(batch["image"]), batch["mask"])
        loss.backward()
        opt.step()
    print(epoch, loss.item())
