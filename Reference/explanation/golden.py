"""Writes Tests/InferenceTests/Golden/grad-cam.safetensors: Grad-CAM as Keras and TensorFlow's gradient tape compute it.

    python3 -m venv VENV && VENV/bin/pip install -r requirements.txt
    VENV/bin/python golden.py

A small network of drawn weights: three convolutions with ReLU, two poolings, global average pooling, a standardisation
and a dense layer. For each of its layers and classes the file holds the map before it is scaled, relu(sum of weighted
channels), as MAP/LAYER/CLASS. The inputs come from a seeded generator.
"""

import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

SIDE = 20
CLASSES = 8
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "InferenceTests" / "Golden" / "grad-cam.safetensors"

generator = np.random.default_rng(20)


def normal(*shape):
    return generator.standard_normal(shape).astype(np.float32)


def convolution(name, inputs, outputs):
    layer = keras.layers.Conv2D(outputs, 3, padding="same", activation="relu", name=name)
    layer.build((None, None, None, inputs))
    layer.set_weights([normal(3, 3, inputs, outputs) * np.sqrt(2 / (9 * inputs)).astype(np.float32), normal(outputs) * 0.1])
    return layer


base = [
    convolution("conv1", 3, 5),
    keras.layers.MaxPooling2D(2, name="pool1"),
    convolution("conv2", 5, 8),
    convolution("conv3", 8, 6),
    keras.layers.MaxPooling2D(2, name="pool2"),
]
mean, scale = normal(6), np.abs(normal(6)) + 0.5
dense, bias = normal(6, CLASSES), normal(CLASSES)


def logits(features):
    return ((tf.reduce_mean(features, axis=(1, 2)) - mean) * scale) @ dense + bias


def grad_cam(picture, layer, label):
    """Selvaraju et al. 2017, equations 1 and 2, on the logit."""
    value = tf.constant(picture)
    for step in base[: layer + 1]:
        value = step(value)
    with tf.GradientTape() as tape:
        tape.watch(value)
        above = value
        for step in base[layer + 1 :]:
            above = step(above)
        logit = logits(above)[0, label]
    gradient = tape.gradient(logit, value).numpy()[0].astype(np.float64)
    weights = gradient.mean(axis=(0, 1))
    return np.maximum((value.numpy()[0].astype(np.float64) * weights).sum(axis=-1), 0)


picture = normal(1, SIDE, SIDE, 3)
tensors = {"picture": picture, "mean": mean, "scale": scale, "dense": dense, "bias": bias}
for step in base:
    for part, value in zip(("kernel", "bias"), step.get_weights()):
        tensors[f"{step.name}/{part}"] = value
value = tf.constant(picture)
for step in base:
    value = step(value)
tensors["logits"] = logits(value).numpy()
for index, step in enumerate(base):
    for label in range(CLASSES):
        tensors[f"map/{step.name}/{label}"] = grad_cam(picture, index, label)
save_file(
    {key: np.ascontiguousarray(value, dtype=np.float32) for key, value in tensors.items()}, OUT,
    metadata={"keras": keras.__version__, "tensorflow": tf.__version__})
OUT.chmod(0o644)
print({key: (value.shape, float(value.max())) for key, value in tensors.items() if key.startswith("map/")})
