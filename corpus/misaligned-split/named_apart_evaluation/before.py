import torch
import torch.nn as nn
import torch.utils.data as Data

torch.manual_seed(1)

# %% data: images of noise, bright ones are ones
images = torch.rand(1000, 8, 8) * torch.rand(1000, 1, 1) * 255
labels = (images.mean(dim=(1, 2)) > 60).long()

train_data = Data.TensorDataset(images[:800].unsqueeze(1) / 255.0, labels[:800])
train_loader = Data.DataLoader(dataset=train_data, batch_size=50, shuffle=True)

# a hundred samples that were not trained on
held_out, answers = images[800:], labels[800:]
test_x = held_out.unsqueeze(1)[:100] / 255.0
test_y = answers[100:]  # bug: misaligned-split

# %% model
cnn = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 2))
optimizer = torch.optim.Adam(cnn.parameters(), lr=0.01)
loss_func = nn.CrossEntropyLoss()

# %% training
for epoch in range(4):
    for step, (b_x, b_y) in enumerate(train_loader):
        loss = loss_func(cnn(b_x), b_y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    pred_y = cnn(test_x).argmax(1)
    accuracy = (pred_y == test_y).float().mean()
    print("Epoch:", epoch, "| train loss: %.4f" % loss.item(), "| test accuracy: %.2f" % accuracy)
