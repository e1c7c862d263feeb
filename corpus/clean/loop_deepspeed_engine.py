# A DeepSpeed engine does backward and step, and clears by itself.
import deepspeed
import torch

model = torch.nn.Linear(10, 2)
engine, optimizer, loader, _ = deepspeed.initialize(
    model=model, model_parameters=model.parameters(), config="ds_config.json"
)
for inputs, labels in loader:
    loss = torch.nn.functional.cross_entropy(engine(inputs.to(engine.device)), labels.to(engine.device))
    engine.backward(loss)
    engine.step()
