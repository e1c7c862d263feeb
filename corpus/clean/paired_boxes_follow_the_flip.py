# The boxes are computed anew under the same condition under which the image is flipped.
import torch
from torch.utils.data import DataLoader, Dataset


class Squares(Dataset):
    def __init__(self, train=True):
        self.corners = torch.randint(0, 10, (64, 2)).float()
        self.boxes = torch.cat([self.corners, self.corners + 5], dim=1)
        self.images = 0.2 * torch.rand(64, 1, 16, 16)
        for image, (left, top, right, bottom) in zip(self.images, self.boxes.int().tolist()):
            image[0, top:bottom, left:right] += 1
        self.train = train

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, box = self.images[index], self.boxes[index].clone()
        if self.train and torch.rand(1) < 0.5:
            image = image.flip(-1)
            box[[0, 2]] = 16 - box[[2, 0]]
        return image, box / 16


model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(256, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for images, boxes in DataLoader(Squares(), batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.smooth_l1_loss(model(images), boxes).backward()
    optimizer.step()
