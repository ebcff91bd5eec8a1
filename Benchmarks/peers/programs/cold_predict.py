"""Predicts one file with ONNX Runtime: what a small Python program for that would do.

Usage: python cold_predict.py MODEL.onnx PICTURE THREADS plain|optimized

The picture is read and resized by Pillow and divided by 255, as the report's settings want it. optimized: MODEL was
optimized beforehand, so nothing is done about that now.
"""

import json
import sys

import numpy as np
import onnxruntime
from PIL import Image

MODEL, PICTURE, THREADS, WAY = sys.argv[1:]
with Image.open(PICTURE) as picture:
    rgb = picture.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
pixels = (np.asarray(rgb, dtype=np.float32) / 255).transpose(2, 0, 1)[None]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(THREADS)
options.inter_op_num_threads = 1
if WAY == "optimized":
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
session = onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])
probabilities = session.run(None, {"input": np.ascontiguousarray(pixels)})[0][0]
print(json.dumps({"probabilities": probabilities.tolist(), "version": onnxruntime.__version__}))
