# A DataLoader subclass of this file with a transform parameter: it collates and then transforms, nothing is wrong.
import torch
from torch.utils.data import DataLoader, TensorDataset, default_collate


class BatchTransformLoader(DataLoader):
    def __init__(self, dataset, *args, transform=None, **kwargs):
        self.transform = transform
        super().__init__(dataset, *args, collate_fn=self.collate, **kwargs)

    def collate(self, samples):
        x, y = default_collate(samples)
        return (self.transform(x) if self.transform else x), y


torch.manual_seed(0)
dataset = TensorDataset(torch.randn(64, 8), torch.randint(0, 2, (64,)))
loader = BatchTransformLoader(dataset, batch_size=16, shuffle=True, transform=lambda x: x / x.norm(dim=1, keepdim=True))
model = torch.nn.Linear(8, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    for x, y in loader:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
