"""VGG-16's base in ONNX Runtime. Usage: python base_onnxruntime.py WEIGHTS THREADS"""

import sys

import numpy as np
import onnxruntime

from orders import serve_base
from weights import onnx_model

WEIGHTS, THREADS = sys.argv[1], int(sys.argv[2])


def prepare(pictures):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    session = onnxruntime.InferenceSession(
        onnx_model(WEIGHTS, len(pictures)), options, providers=["CPUExecutionProvider"])
    pixels = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
    return lambda: session.run(None, {"input": pixels})[0], lambda output: output.transpose(0, 2, 3, 1)


serve_base("ONNX Runtime", onnxruntime.__version__, THREADS, prepare)
