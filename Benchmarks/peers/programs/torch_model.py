"""VGG-16 in PyTorch with the weights of Nefro's cache, channels last."""

import numpy as np
import torch
from torch import nn

import weights

VERSION = torch.__version__


def use_threads(count):
    """Before anything is computed."""
    torch.set_num_threads(count)
    torch.set_num_interop_threads(1)


class Rows(nn.Module):
    """[batch, 512, 7, 7] to [batch, 25088] in the order height, width, channel, as Keras's Flatten."""

    def forward(self, features):
        return features.permute(0, 2, 3, 1).flatten(1)


def base(path):
    layers = []
    for name, (kernel, bias) in weights.read(path).items():
        convolution = nn.Conv2d(kernel.shape[2], kernel.shape[3], 3, padding=1)
        convolution.weight.data = torch.from_numpy(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1)))
        convolution.bias.data = torch.from_numpy(bias.copy())
        layers += [(name, convolution), (f"{name}_relu", nn.ReLU(inplace=True))]
        block, number = int(name[5]), int(name[-1])
        if number == weights.BLOCKS[block - 1]:
            layers.append((f"block{block}_pool", nn.MaxPool2d(2)))
    model = nn.Sequential()
    for name, layer in layers:
        model.add_module(name, layer)
    return model.to(memory_format=torch.channels_last)


def classifier(path, trainable_from, head_kernel):
    """Up to the logits of two classes; frozen below the layer named."""
    model = base(path)
    trained = False
    for name, layer in model.named_children():
        trained = trained or name == trainable_from
        layer.requires_grad_(trained)
    head = nn.Linear(*head_kernel.shape)
    head.weight.data = torch.from_numpy(head_kernel.T.copy())
    head.bias.data.zero_()
    model.add_module("flatten", Rows())
    model.add_module("head", head)
    return model


def pixels(pictures):
    """Seen as [batch, 3, 224, 224], lying channels last."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2)
