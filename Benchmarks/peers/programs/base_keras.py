"""VGG-16's base in Keras under tf.function. Usage: python base_keras.py WEIGHTS THREADS plain|xla"""

import sys

import numpy as np

import keras_model
from orders import serve_base

WEIGHTS, THREADS, COMPILER = sys.argv[1], int(sys.argv[2]), sys.argv[3]
keras_model.use_threads(THREADS)
tf = keras_model.tf
BASE = keras_model.base(WEIGHTS)


def prepare(pictures):
    pixels = tf.constant(pictures)
    call = tf.function(lambda batch: BASE(batch, training=False), jit_compile=COMPILER == "xla")
    return lambda: call(pixels).numpy(), np.asarray


serve_base("Keras, XLA" if COMPILER == "xla" else "Keras", keras_model.VERSION, THREADS, prepare)
