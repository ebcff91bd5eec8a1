"""Compares an exported .keras file with the program that exported it.

nefro predict --json --model MODEL PNG... > answers.jsonl
nefro export MODEL --to keras --out model.keras
python keras_answers.py model.keras answers.jsonl

The pictures should be PNG files, since decoders of JPEG differ. Prints each picture's relative error, max |a - b| / max |b|, and the
largest; ends with 1 if that is not below 1e-4.
"""

import json
import sys
import zipfile

import keras
import numpy as np
from PIL import Image

model = keras.models.load_model(sys.argv[1])
classes = json.loads(json.loads(zipfile.ZipFile(sys.argv[1]).read("nefro.json"))["nefro.classes"])
largest = 0.0
for line in open(sys.argv[2]):
    answer = json.loads(line)
    pixels = np.asarray(Image.open(answer["path"]).convert("RGB"))[None]
    actual = keras.ops.convert_to_numpy(model(pixels))[0]
    expected = np.array([answer["probabilities"][name] for name in classes])
    error = float(np.abs(actual - expected).max() / np.abs(expected).max())
    largest = max(largest, error)
    print(f"{error:.2e}  {answer['path']}")
print(f"largest {largest:.2e}, Keras {keras.__version__} on {keras.backend.backend()}")
sys.exit(0 if largest < 1e-4 else 1)
