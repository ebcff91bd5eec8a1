"""VGG-16's base in PyTorch. Usage: python base_torch.py WEIGHTS THREADS plain|frozen|compiled

plain: the modules as they are, channels last. frozen: TorchScript, frozen and optimized for inference, which fuses
convolutions with what follows. compiled: torch.compile, which needs a C++ compiler.
"""

import sys

import torch

import torch_model
from orders import serve_base

WEIGHTS, THREADS, WAY = sys.argv[1], int(sys.argv[2]), sys.argv[3]
torch_model.use_threads(THREADS)
BASE = torch_model.base(WEIGHTS).eval()


def made(pixels):
    if WAY == "frozen":
        return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(BASE, pixels)))
    return torch.compile(BASE) if WAY == "compiled" else BASE


def prepare(pictures):
    pixels = torch_model.pixels(pictures)
    with torch.no_grad():
        model = made(pixels)

    def run():
        with torch.inference_mode():
            return model(pixels)

    for _ in range(3):  # TorchScript optimizes itself in its first runs.
        run()
    return run, lambda output: output.permute(0, 2, 3, 1).numpy()


serve_base("PyTorch" if WAY == "plain" else f"PyTorch, {WAY}", torch_model.VERSION, THREADS, prepare)
