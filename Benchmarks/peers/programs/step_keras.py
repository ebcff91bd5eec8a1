"""A training step with block5 unfrozen in Keras. Usage: python step_keras.py WEIGHTS THREADS BATCH RATE plain|xla"""

import sys

import keras_model
from orders import pictures, serve_steps
from weights import head_kernel

WEIGHTS, THREADS, BATCH, RATE, COMPILER = sys.argv[1], *map(int, sys.argv[2:4]), float(sys.argv[4]), sys.argv[5]
keras_model.use_threads(THREADS)
keras, tf = keras_model.keras, keras_model.tf
MODEL = keras_model.classifier(WEIGHTS, "block5_conv1", head_kernel())
PIXELS = tf.constant(pictures(BATCH))
LABELS = tf.one_hot([number % 2 for number in range(BATCH)], 2)
LOSS = keras.losses.CategoricalCrossentropy()
OPTIMIZER = keras.optimizers.SGD(RATE)
OPTIMIZER.build(MODEL.trainable_variables)


@tf.function(jit_compile=COMPILER == "xla")
def step(pixels, labels):
    with tf.GradientTape() as tape:
        loss = LOSS(labels, MODEL(pixels, training=True))
    OPTIMIZER.apply_gradients(zip(tape.gradient(loss, MODEL.trainable_variables), MODEL.trainable_variables))
    return loss


assert len(MODEL.trainable_variables) == 8
serve_steps(
    "Keras, XLA" if COMPILER == "xla" else "Keras", keras_model.VERSION, THREADS, lambda: step(PIXELS, LABELS).numpy())
