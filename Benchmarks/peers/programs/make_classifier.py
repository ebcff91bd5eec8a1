"""Writes Nefro's trained classifier as ONNX, twice: as it is, and optimized beforehand by ONNX Runtime.

Usage: python make_classifier.py WEIGHTS MODEL.safetensors OUTPUT.onnx OPTIMIZED.onnx

MODEL has the report's head: flatten and dense on the frozen base.
"""

import pathlib
import sys

import onnxruntime

import weights

WEIGHTS, MODEL, OUTPUT, OPTIMIZED = sys.argv[1:]
head = weights.tensors(MODEL)
pathlib.Path(OUTPUT).write_bytes(weights.onnx_model(WEIGHTS, 1, (head["head/kernel"], head["head/bias"])))
options = onnxruntime.SessionOptions()
options.optimized_model_filepath = OPTIMIZED
options.log_severity_level = 3  # It warns that the file fits processors like this one only, which is what is wanted.
onnxruntime.InferenceSession(OUTPUT, options, providers=["CPUExecutionProvider"])
