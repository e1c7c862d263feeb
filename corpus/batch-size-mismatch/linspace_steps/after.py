import torch
import torch.utils.data as Data

torch.manual_seed(1)

BATCH_SIZE = 5

x = torch.linspace(1, 10, 20)  # this is x data
y = torch.linspace(10, 1, 20)

torch_dataset = Data.TensorDataset(x, y)
loader = Data.DataLoader(dataset=torch_dataset, batch_size=BATCH_SIZE, shuffle=True)

net = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)

for epoch in range(3):
    for step, (batch_x, batch_y) in enumerate(loader):
        loss = torch.nn.functional.mse_loss(net(batch_x.unsqueeze(1)).squeeze(1), batch_y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print("Epoch: ", epoch, "| Step: ", step, "| loss: ", loss.item())
