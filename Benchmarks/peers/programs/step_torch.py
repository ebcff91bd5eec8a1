"""A training step with block5 unfrozen in PyTorch. Usage: python step_torch.py WEIGHTS THREADS BATCH RATE"""

import sys

import torch

import torch_model
from orders import pictures, serve_steps
from weights import head_kernel

WEIGHTS, THREADS, BATCH, RATE = sys.argv[1], *map(int, sys.argv[2:4]), float(sys.argv[4])
torch_model.use_threads(THREADS)
MODEL = torch_model.classifier(WEIGHTS, "block5_conv1", head_kernel()).train()
PIXELS = torch_model.pixels(pictures(BATCH))
LABELS = torch.arange(BATCH) % 2
TRAINED = [parameter for parameter in MODEL.parameters() if parameter.requires_grad]
OPTIMIZER = torch.optim.SGD(TRAINED, lr=RATE)
LOSS = torch.nn.CrossEntropyLoss()


def step():
    OPTIMIZER.zero_grad(set_to_none=True)
    loss = LOSS(MODEL(PIXELS), LABELS)
    loss.backward()
    OPTIMIZER.step()
    return loss.item()


assert len(TRAINED) == 8
serve_steps("PyTorch", torch_model.VERSION, THREADS, step)
