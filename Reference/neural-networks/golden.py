"""Writes Tests/NeuralNetworksTests/Golden: what Keras computes, for the tests of NeuralNetworks.

    python3 -m venv VENV && VENV/bin/pip install -r requirements.txt
    VENV/bin/python golden.py

Each JSON file lists cases with their settings; the safetensors file beside it holds whole tensors named CASE/TENSOR.
The inputs come from a seeded generator, and TensorFlow runs on one thread, so a second run writes the same bytes on the
same processor.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from safetensors.numpy import save_file

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "NeuralNetworksTests" / "Golden"


def normal(generator, *shape):
    return generator.standard_normal(shape).astype(np.float32)


def write(name, cases, tensors):
    tensors = {key: np.ascontiguousarray(value, dtype=np.float32) for key, value in tensors.items()}
    path = FOLDER / f"{name}.safetensors"
    save_file(tensors, path, metadata={"keras": keras.__version__})
    path.chmod(0o644)
    (FOLDER / f"{name}.json").write_text(json.dumps(cases, indent=1) + "\n")


# Layers, forward and backward.

LAYERS = [
    dict(name="convolution 3x3 same relu", type="convolution", input=[2, 9, 10, 5], outputs=7, kernel=[3, 3],
         stride=[1, 1], padding="same", relu=True, bias=True),
    dict(name="convolution 3x3 same, many channels", type="convolution", input=[1, 12, 10, 16], outputs=32,
         kernel=[3, 3], stride=[1, 1], padding="same", relu=False, bias=True),
    dict(name="convolution 3x3 valid", type="convolution", input=[2, 7, 6, 3], outputs=4, kernel=[3, 3],
         stride=[1, 1], padding="valid", relu=False, bias=True),
    dict(name="convolution 5x4 same with strides 2 and 3", type="convolution", input=[2, 11, 13, 3], outputs=5,
         kernel=[5, 4], stride=[2, 3], padding="same", relu=True, bias=True),
    dict(name="convolution 7x7 with stride 2 and padding 3", type="convolution", input=[1, 14, 15, 3], outputs=8,
         kernel=[7, 7], stride=[2, 2], padding=[3, 3, 3, 3], relu=True, bias=True),
    dict(name="convolution 2x2 with uneven padding", type="convolution", input=[2, 5, 4, 2], outputs=3,
         kernel=[2, 2], stride=[1, 1], padding=[1, 0, 2, 3], relu=False, bias=True),
    dict(name="convolution 1x1 without bias", type="convolution", input=[2, 4, 5, 6], outputs=9, kernel=[1, 1],
         stride=[1, 1], padding="valid", relu=False, bias=False),
    dict(name="dense", type="dense", input=[3, 20], outputs=7, relu=False),
    dict(name="dense relu", type="dense", input=[5, 33], outputs=18, relu=True),
    dict(name="relu", type="relu", input=[2, 3, 4, 5]),
    dict(name="flatten", type="flatten", input=[2, 3, 4, 5]),
    dict(name="max pooling 2x2", type="max", input=[2, 6, 7, 5], kernel=[2, 2], stride=[2, 2], padding="valid"),
    dict(name="max pooling 3x2 same with strides 2 and 1", type="max", input=[2, 7, 6, 9], kernel=[3, 2],
         stride=[2, 1], padding="same"),
    dict(name="average pooling 2x2", type="average", input=[2, 6, 7, 5], kernel=[2, 2], stride=[2, 2],
         padding="valid"),
    dict(name="average pooling 3x2 same with strides 2 and 1", type="average", input=[2, 7, 6, 9], kernel=[3, 2],
         stride=[2, 1], padding="same"),
    dict(name="global average pooling", type="global average", input=[3, 5, 6, 10]),
    dict(name="convolution 3x3 same with stride 2, even size", type="convolution", input=[2, 8, 10, 6], outputs=9,
         kernel=[3, 3], stride=[2, 2], padding="same", relu=False, bias=True),
    dict(name="convolution 3x3 same with stride 2, odd size", type="convolution", input=[2, 9, 11, 6], outputs=9,
         kernel=[3, 3], stride=[2, 2], padding="same", relu=False, bias=True),
    dict(name="convolution 1x1 same with stride 2", type="convolution", input=[2, 7, 8, 9], outputs=18,
         kernel=[1, 1], stride=[2, 2], padding="same", relu=True, bias=True),
    dict(name="convolution 1x7 same", type="convolution", input=[1, 6, 9, 8], outputs=10, kernel=[1, 7],
         stride=[1, 1], padding="same", relu=False, bias=True),
    dict(name="convolution 7x1 same", type="convolution", input=[1, 9, 6, 8], outputs=10, kernel=[7, 1],
         stride=[1, 1], padding="same", relu=False, bias=True),
    dict(name="convolution 5x5 same", type="convolution", input=[1, 9, 8, 5], outputs=6, kernel=[5, 5],
         stride=[1, 1], padding="same", relu=False, bias=True),
    dict(name="depthwise 3x3 same relu", type="depthwise", input=[2, 9, 12, 16], kernel=[3, 3], stride=[1, 1],
         padding="same", relu=True, bias=True),
    dict(name="depthwise 3x3 same with stride 2, even size", type="depthwise", input=[2, 8, 20, 12], kernel=[3, 3],
         stride=[2, 2], padding="same", relu=False, bias=True),
    dict(name="depthwise 5x5 same with stride 2, odd size", type="depthwise", input=[1, 9, 19, 8], kernel=[5, 5],
         stride=[2, 2], padding="same", relu=False, bias=False),
    dict(name="depthwise 5x5 same", type="depthwise", input=[1, 7, 7, 20], kernel=[5, 5], stride=[1, 1],
         padding="same", relu=True, bias=True),
    dict(name="depthwise 7x7 valid", type="depthwise", input=[1, 10, 16, 3], kernel=[7, 7], stride=[1, 1],
         padding="valid", relu=False, bias=True),
]


def keras_layer(case):
    activation = "relu" if case.get("relu") else None
    match case["type"]:
        case "convolution":
            explicit = isinstance(case["padding"], list)
            convolution = layers.Conv2D(
                case["outputs"], case["kernel"], strides=case["stride"], use_bias=case["bias"], activation=activation,
                padding="valid" if explicit else case["padding"])
            if not explicit:
                return convolution
            top, left, bottom, right = case["padding"]
            return keras.Sequential([layers.ZeroPadding2D(((top, bottom), (left, right))), convolution])
        case "depthwise":
            return layers.DepthwiseConv2D(
                case["kernel"], strides=case["stride"], use_bias=case["bias"], activation=activation,
                padding=case["padding"])
        case "dense":
            return layers.Dense(case["outputs"], activation=activation)
        case "relu":
            return layers.ReLU()
        case "flatten":
            return layers.Flatten()
        case "max":
            return layers.MaxPooling2D(case["kernel"], case["stride"], case["padding"])
        case "average":
            return layers.AveragePooling2D(case["kernel"], case["stride"], case["padding"])
        case "global average":
            return layers.GlobalAveragePooling2D()


def write_layers():
    generator = np.random.default_rng(1)
    tensors = {}
    for case in LAYERS:
        layer = keras_layer(case)
        values = tf.constant(normal(generator, *case["input"]))
        layer(values)
        layer.set_weights([normal(generator, *weight.shape) for weight in layer.get_weights()])
        with tf.GradientTape() as tape:
            tape.watch(values)
            output = layer(values)
            upstream = tf.constant(normal(generator, *output.shape))
            total = tf.reduce_sum(output * upstream)
        weights = [weight.value for weight in layer.trainable_weights]
        gradients = tape.gradient(total, [values] + weights)
        found = dict(input=values, output=output, output_gradient=upstream, input_gradient=gradients[0])
        for key, weight, gradient in zip(["kernel", "bias"], weights, gradients[1:]):
            found[key] = weight
            found[key + "_gradient"] = gradient
        tensors |= {f"{case['name']}/{key}": value.numpy() for key, value in found.items()}
    write("layers", LAYERS, tensors)


# The loss.

LOSSES = [
    dict(name="plain", classes=4, batch=6, smoothing=0.0, weights=None, scale=2.0),
    dict(name="smoothed", classes=3, batch=5, smoothing=0.1, weights=None, scale=2.0),
    dict(name="weighted", classes=2, batch=7, smoothing=0.0, weights=[0.25, 1.75], scale=3.0),
    dict(name="smoothed and weighted", classes=4, batch=3, smoothing=0.2, weights=[1.0, 0.5, 2.0, 0.0], scale=1.0),
    dict(name="hopeless and certain", classes=2, batch=8, smoothing=0.0, weights=None, scale=60.0),
]


def write_losses():
    generator = np.random.default_rng(2)
    tensors = {}
    for case in LOSSES:
        shape = (case["batch"], case["classes"])
        logits = tf.constant(normal(generator, *shape) * case["scale"])
        labels = generator.integers(0, case["classes"], case["batch"])
        case["labels"] = labels.tolist()
        targets = tf.one_hot(labels, case["classes"])
        weights = None if case["weights"] is None else tf.gather(tf.constant(case["weights"]), labels)
        probabilities = tf.nn.softmax(logits)
        # A fresh tensor, so that Keras cannot find its way back to the logits and does clip.
        clipped = keras.losses.CategoricalCrossentropy(label_smoothing=case["smoothing"])
        case["loss"] = float(clipped(targets, tf.constant(probabilities.numpy()), sample_weight=weights))
        exact = keras.losses.CategoricalCrossentropy(label_smoothing=case["smoothing"], from_logits=True)
        with tf.GradientTape() as tape:
            tape.watch(logits)
            loss = exact(targets, logits, sample_weight=weights)
        name = case["name"]
        tensors[f"{name}/logits"] = logits.numpy()
        tensors[f"{name}/probabilities"] = probabilities.numpy()
        tensors[f"{name}/gradient"] = tape.gradient(loss, logits).numpy()
    write("losses", LOSSES, tensors)


# Optimizers: six steps with given gradients; the learning rate is halved before the fourth.

OPTIMIZERS = [
    dict(name="sgd", rate=0.1),
    dict(name="sgd decay", rate=0.1, decay=0.05),
    dict(name="sgd momentum", rate=0.05, momentum=0.9),
    dict(name="sgd momentum decay", rate=0.05, momentum=0.8, decay=0.02),
    dict(name="sgd nesterov", rate=0.05, momentum=0.9, nesterov=True),
    dict(name="sgd nesterov decay", rate=0.05, momentum=0.9, nesterov=True, decay=0.01),
    dict(name="adamw", rate=0.01),
    dict(name="adamw without decay", rate=0.01, decay=0.0),
    dict(name="adamw with its own settings", rate=0.02, decay=0.1, beta1=0.8, beta2=0.95, epsilon=0.001),
]
STEPS = 6


def keras_optimizer(case):
    if case["name"].startswith("sgd"):
        return keras.optimizers.SGD(
            case["rate"], momentum=case.get("momentum", 0.0), nesterov=case.get("nesterov", False),
            weight_decay=case.get("decay"))
    # Keras's AdamW refuses a decay of 0; its Adam is the same without one.
    if case.get("decay") == 0.0:
        return keras.optimizers.Adam(case["rate"])
    return keras.optimizers.AdamW(
        case["rate"], weight_decay=case.get("decay", 0.004), beta_1=case.get("beta1", 0.9),
        beta_2=case.get("beta2", 0.999), epsilon=case.get("epsilon", 1e-7))


def write_optimizers():
    generator = np.random.default_rng(3)
    tensors = {"kernel/0": normal(generator, 3, 4), "bias/0": normal(generator, 4)}
    for step in range(1, STEPS + 1):
        # Gradients of very different sizes, exact zeros among them.
        scale = np.float32(10.0 ** (step - 4))
        tensors[f"kernel_gradient/{step}"] = normal(generator, 3, 4) * scale
        tensors[f"bias_gradient/{step}"] = normal(generator, 4) * (0 if step == 2 else scale)
    start = dict(tensors)
    for case in OPTIMIZERS:
        optimizer = keras_optimizer(case)
        variables = [keras.Variable(start[key + "/0"]) for key in ("kernel", "bias")]
        for step in range(1, STEPS + 1):
            if step == 4:
                optimizer.learning_rate = case["rate"] / 2
            optimizer.apply(
                [tf.constant(start[f"{key}_gradient/{step}"]) for key in ("kernel", "bias")], variables)
            for key, variable in zip(("kernel", "bias"), variables):
                tensors[f"{case['name']}/{key}/{step}"] = variable.numpy()
    write("optimizers", OPTIMIZERS, tensors)


# Schedules.

def rates(schedule, steps):
    return [float(schedule(step)) for step in range(steps)]


def plateau(losses, rate, **settings):
    """The rate after each epoch, by Keras's callback on a model that has only an optimizer."""
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **settings)
    model = keras.Sequential([layers.Dense(1)])
    model.optimizer = keras.optimizers.SGD(rate)
    callback.set_model(model)
    callback.on_train_begin()
    found = []
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        found.append(float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)))
    return dict(losses=losses, rate=rate, rates=found, **settings)


def write_schedules():
    generator = np.random.default_rng(4)
    schedules = keras.optimizers.schedules
    # Five steps an epoch throughout.
    cases = dict(
        cosine=rates(schedules.CosineDecay(0.1, decay_steps=20, alpha=0.05), 25),
        warm_cosine=rates(
            schedules.CosineDecay(0.01, decay_steps=20, alpha=0.0, warmup_target=0.2, warmup_steps=7), 32),
        staircase=rates(schedules.ExponentialDecay(0.1, decay_steps=10, decay_rate=0.3, staircase=True), 32),
        plateau=[
            plateau([1.0, 0.9, 0.9, 0.89995, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86], 0.1, factor=0.5, patience=2,
                    min_delta=1e-4, cooldown=0, min_lr=0.0),
            plateau([1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 0.9, 1.6, 1.7, 1.8, 1.9, 2.0], 0.1, factor=0.1, patience=1,
                    min_delta=0.01, cooldown=2, min_lr=0.002),
            plateau(np.round(1 + generator.random(40) * np.linspace(1, 0.2, 40), 3).tolist(), 1.0, factor=0.7,
                    patience=3, min_delta=0.001, cooldown=1, min_lr=0.05),
        ])
    (FOLDER / "schedules.json").write_text(json.dumps(cases, indent=1) + "\n")


# Training: a small network, several steps.

TRAININGS = [
    dict(name="sgd nesterov", smoothing=0.1, weights=[0.5, 1.0, 2.0], frozen=False),
    dict(name="adamw", smoothing=0.0, weights=None, frozen=False),
    dict(name="sgd, first convolution frozen", smoothing=0.0, weights=None, frozen=True),
]
TRAINING_STEPS = 4


def write_training():
    generator = np.random.default_rng(5)
    labels = [0, 2, 1, 2, 0]
    tensors = {"input": normal(generator, 5, 12, 12, 3)}
    start = None
    for case in TRAININGS:
        model = keras.Sequential([
            keras.Input((12, 12, 3)),
            layers.Conv2D(8, 3, padding="same", activation="relu", name="first"),
            layers.MaxPooling2D(),
            layers.Conv2D(8, 3, padding="same", activation="relu", name="second"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(6, activation="relu", name="third"),
            layers.Dense(3, activation="softmax", name="last"),
        ])
        if start is None:
            start = [normal(generator, *w.shape) * np.float32(np.sqrt(2 / max(np.prod(w.shape[:-1]), 20)))
                     for w in model.get_weights()]
        model.set_weights(start)
        model.get_layer("first").trainable = not case["frozen"]
        optimizer = {
            "sgd nesterov": keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
            "adamw": keras.optimizers.AdamW(0.002),
            "sgd, first convolution frozen": keras.optimizers.SGD(0.1),
        }[case["name"]]
        model.compile(optimizer, keras.losses.CategoricalCrossentropy(label_smoothing=case["smoothing"]))
        case["labels"] = labels
        case["losses"] = []
        weights = None if case["weights"] is None else dict(enumerate(case["weights"]))
        for step in range(TRAINING_STEPS + 1):
            for weight in model.weights:
                key = "/".join(weight.path.split("/")[-2:])
                tensors[f"{key}/0" if step == 0 else f"{case['name']}/{key}/{step}"] = weight.numpy()
            if step < TRAINING_STEPS:
                targets = keras.utils.to_categorical(labels, 3)
                model.reset_metrics()
                case["losses"].append(
                    float(model.train_on_batch(tensors["input"], targets, class_weight=weights)))
        tensors[f"{case['name']}/probabilities"] = model.predict_on_batch(tensors["input"])
    write("training", TRAININGS, tensors)


FOLDER.mkdir(parents=True, exist_ok=True)
write_layers()
write_losses()
write_optimizers()
write_schedules()
write_training()
