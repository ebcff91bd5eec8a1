"""The report's training in Keras, as its code does it: ImageDataGenerator, a frozen VGG16, flatten, dense, SGD.

Usage: python train_keras.py WEIGHTS THREADS DATA EPOCHS augmented|plain

Prints a JSON object when it is ready and one after each epoch (training and validation), with the seconds it took. One
difference to the report's code: no picture is left out, where that loses the last short batch.
"""

import json
import sys
import time

import keras_model

keras, tf = keras_model.keras, keras_model.tf
WEIGHTS, THREADS, DATA, EPOCHS, AUGMENTED = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5]
ImageDataGenerator = tf.keras.preprocessing.image.ImageDataGenerator
COMMON = {"rescale": 1 / 255, "validation_split": 0.2}
FLOW = {"target_size": (224, 224), "batch_size": 16, "interpolation": "bilinear"}
AUGMENTATION = {
    "rotation_range": 40, "width_shift_range": 0.2, "height_shift_range": 0.2, "shear_range": 0.2, "zoom_range": 0.2,
    "horizontal_flip": True,
}


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        print(json.dumps({"seconds": time.perf_counter() - self.start, **logs}), flush=True)


keras_model.use_threads(THREADS)
augmentation = AUGMENTATION if AUGMENTED == "augmented" else {}
training = ImageDataGenerator(**COMMON, **augmentation).flow_from_directory(
    DATA, subset="training", shuffle=True, **FLOW)
validation = ImageDataGenerator(**COMMON).flow_from_directory(DATA, subset="validation", shuffle=False, **FLOW)
model = keras_model.classifier(WEIGHTS)
model.compile(optimizer=keras.optimizers.SGD(0.01), loss="categorical_crossentropy", metrics=["accuracy"])
print(json.dumps({
    "name": "Keras", "version": keras_model.VERSION, "training": training.samples, "validation": validation.samples,
}), flush=True)
model.fit(training, epochs=EPOCHS, validation_data=validation, callbacks=[Clock()], verbose=0)
