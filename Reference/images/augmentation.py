"""Writes the golden files of KidneyData's augmentation tests.

    python Reference/images/augmentation.py

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1. The Keras part is the procedure of keras 2.12.0
(keras/preprocessing/image.py: apply_affine_transform, transform_matrix_offset_center), written anew from its
description; the corrected part composes the matrices it ought to be, about the true centre. Both are carried out by
scipy.ndimage.affine_transform on float32, order 1, mode nearest.
"""

import json
import os

import numpy as np
from scipy import ndimage

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "KidneyDataTests", "Golden")


def rotation(t):
    return np.array([[np.cos(t), -np.sin(t), 0], [np.sin(t), np.cos(t), 0], [0, 0, 1]])


def translation(x, y):
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], dtype=np.float64)


def shearing(s):
    return np.array([[1, -np.sin(s), 0], [0, np.cos(s), 0], [0, 0, 1]])


def zooming(x, y):
    return np.diag([x, y, 1.0])


def pull(pixels, matrix):
    """matrix: target (row, column, 1) -> source (row, column, 1)"""
    layers = [
        ndimage.affine_transform(pixels[..., c], matrix[:2, :2], matrix[:2, 2], order=1, mode="nearest", cval=0.0)
        for c in range(pixels.shape[2])
    ]
    return np.stack(layers, axis=-1)


def keras(pixels, draw):
    height, width = pixels.shape[:2]
    # In Keras's words tx is drawn from height_shift_range and ty from width_shift_range.
    tx, ty = draw["heightShift"], draw["widthShift"]
    matrix = None
    for wanted, factor in (
        (draw["rotation"] != 0, rotation(draw["rotation"])),
        (tx != 0 or ty != 0, translation(tx, ty)),
        (draw["shear"] != 0, shearing(draw["shear"])),
        (draw["zoomX"] != 1 or draw["zoomY"] != 1, zooming(draw["zoomX"], draw["zoomY"])),
    ):
        if wanted:
            matrix = factor if matrix is None else matrix @ factor
    if matrix is None:
        return pixels
    offset_x, offset_y = height / 2 - 0.5, width / 2 - 0.5
    matrix = translation(offset_x, offset_y) @ matrix @ translation(-offset_x, -offset_y)
    # The matrix speaks of x, y; arrays are indexed row, column: exchange both, as Keras does for channels_last.
    matrix[:, [0, 1]] = matrix[:, [1, 0]]
    matrix[[0, 1]] = matrix[[1, 0]]
    return pull(pixels, matrix)


def corrected(pixels, draw):
    height, width = pixels.shape[:2]
    exchange = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1.0]])
    center = translation((width - 1) / 2, (height - 1) / 2)
    matrix = (
        center @ rotation(draw["rotation"]) @ shearing(draw["shear"]) @ zooming(draw["zoomX"], draw["zoomY"])
        @ np.linalg.inv(center) @ translation(-draw["widthShift"], -draw["heightShift"])
    )
    return pull(pixels, exchange @ matrix @ exchange)


def drawn(random, height, width, degrees):
    return {
        "rotation": np.deg2rad(random.uniform(-40, 40)),
        "heightShift": random.uniform(-0.2, 0.2) * height,
        "widthShift": random.uniform(-0.2, 0.2) * width,
        "shear": np.deg2rad(random.uniform(-0.2, 0.2)) if degrees else random.uniform(-0.2, 0.2),
        "zoomX": random.uniform(0.8, 1.2),
        "zoomY": random.uniform(0.8, 1.2),
        "isFlipped": bool(random.random() < 0.5),
    }


def main():
    os.makedirs(GOLDEN, exist_ok=True)
    random = np.random.default_rng(2023)
    none = {"rotation": 0.0, "heightShift": 0.0, "widthShift": 0.0, "shear": 0.0, "zoomX": 1.0, "zoomY": 1.0,
            "isFlipped": False}
    single = [{"rotation": 0.5}, {"heightShift": 3.25}, {"widthShift": -2.5}, {"shear": 0.3}, {"zoomX": 0.8},
              {"zoomY": 1.2}, {"isFlipped": True}, {}]
    cases, inputs, outputs = [], [], []
    offset = 0
    for height, width in ((16, 16), (13, 20), (20, 13)):
        pixels = np.round(random.uniform(0, 255, (height, width, 3))).astype(np.float32)
        inputs.append(pixels)
        for mode, procedure in (("keras", keras), ("corrected", corrected)):
            draws = [none | change for change in single] if height != 20 else []
            draws += [drawn(random, height, width, mode == "keras") for _ in range(10)]
            for draw in draws:
                result = procedure(pixels, draw)
                if draw["isFlipped"]:
                    result = result[:, ::-1]
                assert result.dtype == np.float32
                outputs.append(np.ascontiguousarray(result))
                cases.append({"height": height, "width": width, "keras": mode == "keras", "draw": draw,
                              "offset": offset})
                offset += result.size
    with open(os.path.join(GOLDEN, "augmentation-cases.json"), "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")
    for name, arrays in (("inputs", inputs), ("outputs", outputs)):
        with open(os.path.join(GOLDEN, f"augmentation-{name}.f32"), "wb") as file:
            for array in arrays:
                file.write(array.astype("<f4").tobytes())


if __name__ == "__main__":
    main()
