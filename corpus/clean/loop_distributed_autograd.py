# torch.distributed.autograd keeps gradients in a context of its own; DistributedOptimizer has nothing to clear.
import torch
import torch.distributed.autograd as dist_autograd
import torch.distributed.rpc as rpc
from torch.distributed.optim import DistributedOptimizer


def run(remote_refs, batches):
    opt = DistributedOptimizer(torch.optim.SGD, remote_refs, lr=0.05)
    for x, y in batches:
        with dist_autograd.context() as context_id:
            prediction = rpc.rpc_sync("ps", torch.add, args=(x, y))
            dist_autograd.backward(context_id, [prediction.sum()])
            opt.step(context_id)
