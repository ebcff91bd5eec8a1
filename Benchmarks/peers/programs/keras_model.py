"""Keras's own VGG16 with the weights of Nefro's cache. Must be imported before TensorFlow, whose messages it stops."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf

import weights

VERSION = f"{keras.__version__} on TensorFlow {tf.__version__}"


def use_threads(count):
    """Before anything is computed."""
    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def base(path):
    model = keras.applications.VGG16(include_top=False, weights=None, input_shape=(224, 224, 3))
    for layer, tensors in weights.read(path).items():
        model.get_layer(layer).set_weights(tensors)
    return model


def classifier(path, trainable_from=None, head_kernel=None):
    """The base frozen below the layer named, or wholly, with the report's head: flatten, dense, softmax."""
    model = base(path)
    trained = False
    for layer in model.layers:
        trained = trained or layer.name == trainable_from
        layer.trainable = trained
    head = keras.layers.Dense(2, activation="softmax", name="head")
    whole = keras.Model(model.input, head(keras.layers.Flatten()(model.output)))
    if head_kernel is not None:
        head.set_weights([head_kernel, head.get_weights()[1]])
    return whole
