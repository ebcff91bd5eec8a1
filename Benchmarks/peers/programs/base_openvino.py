"""VGG-16's base in OpenVINO, in Float32. Usage: python base_openvino.py WEIGHTS THREADS"""

import sys

import numpy as np
import openvino
from openvino import properties

from orders import serve_base
from weights import onnx_model

WEIGHTS, THREADS = sys.argv[1], int(sys.argv[2])
CORE = openvino.Core()
SETTINGS = {
    properties.hint.performance_mode(): properties.hint.PerformanceMode.LATENCY,
    # Without this it may compute in bfloat16 where the processor has it.
    properties.hint.inference_precision(): openvino.Type.f32,
    properties.inference_num_threads(): THREADS,
    properties.num_streams(): 1,
}


def prepare(pictures):
    compiled = CORE.compile_model(CORE.read_model(onnx_model(WEIGHTS, len(pictures))), "CPU", SETTINGS)
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))))

    def run():
        request.infer()
        return request.get_output_tensor().data

    return run, lambda output: output.transpose(0, 2, 3, 1)


serve_base("OpenVINO", openvino.__version__.split("-")[0], THREADS, prepare)
