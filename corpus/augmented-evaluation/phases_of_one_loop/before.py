import copy

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from torchvision.transforms.functional import to_pil_image


class Stripes(Dataset):
    """Dark and bright stripes: the class is the side that the dark one is on."""

    def __init__(self, split, transform):
        g = torch.Generator().manual_seed(len(split))
        self.labels = torch.arange(48 if split == 'train' else 24) % 2
        pixels = torch.randint(120, 200, (len(self.labels), 3, 20, 20), generator=g)
        for picture, label in zip(pixels, self.labels):
            picture[:, :, 2 + 10 * label: 8 + 10 * label] //= 3
        self.pictures = [to_pil_image(each.byte()) for each in pixels]
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.transform(self.pictures[i]), self.labels[i]


data_transforms = {
    'train': transforms.Compose([
        transforms.RandomCrop(16),
        transforms.ToTensor(),
    ]),
    'val': transforms.Compose([
        transforms.RandomHorizontalFlip(),  # bug: augmented-evaluation
        transforms.CenterCrop(16),
        transforms.ToTensor(),
    ]),
}

image_datasets = {x: Stripes(x, data_transforms[x])
                  for x in ['train', 'val']}
dataloaders = {x: DataLoader(image_datasets[x], batch_size=8, shuffle=True)
               for x in ['train', 'val']}
dataset_sizes = {x: len(image_datasets[x]) for x in ['train', 'val']}


def train_model(model, criterion, optimizer, num_epochs=4):
    best_model_wts = copy.deepcopy(model.state_dict())
    best_acc = 0.0
    for epoch in range(num_epochs):
        # each epoch has a training and a validation phase
        for phase in ['train', 'val']:
            if phase == 'train':
                model.train()
            else:
                model.eval()
            running_loss = 0.0
            running_corrects = 0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == 'train'):
                    outputs = model(inputs)
                    loss = criterion(outputs, labels)
                    if phase == 'train':
                        loss.backward()
                        optimizer.step()
                running_loss += loss.item() * inputs.size(0)
                running_corrects += torch.sum(outputs.argmax(1) == labels).item()
            epoch_acc = running_corrects / dataset_sizes[phase]
            print(f'{phase} Loss: {running_loss / dataset_sizes[phase]:.4f} Acc: {epoch_acc:.4f}')
            if phase == 'val' and epoch_acc > best_acc:
                best_acc = epoch_acc
                best_model_wts = copy.deepcopy(model.state_dict())
    model.load_state_dict(best_model_wts)
    return model


torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(96, 2))
train_model(net, nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9))
