# The right way round of a resize: the dataset, not the loader, sends float tensors through PIL and back.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

smaller = transforms.Compose([transforms.ToPILImage(), transforms.Resize((10, 10)), transforms.ToTensor()])


class Shrunk(Dataset):
    def __init__(self, tensors, answers, transform):
        self.tensors, self.answers, self.transform = tensors, answers, transform

    def __len__(self):
        return len(self.tensors)

    def __getitem__(self, row):
        return self.transform(self.tensors[row]), self.answers[row]


tensors, answers = torch.rand(40, 3, 20, 20), torch.randint(0, 4, (40,))
loader = DataLoader(Shrunk(tensors, answers, smaller), batch_size=10)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(300, 4))
optimizer = torch.optim.Adam(model.parameters())
for pictures, wanted in loader:
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(pictures), wanted).backward()
    optimizer.step()
