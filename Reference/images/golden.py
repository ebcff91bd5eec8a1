"""Writes the golden files of MedicalImagesTests: small drawn pictures and what Pillow makes of them.

    python Reference/images/golden.py [FOLDER_OF_REAL_SLICES]

Made with Python 3.11, numpy 2.4.6, pillow 12.0.0 (libjpeg-turbo 3.1.2). Pillow 13 gives the same but for four of the
resized digests, since it filters columns before rows where a picture gets much lower but hardly narrower. With the folder of real slices the digests of
some of them are written too; without it that part is left as it is. No real pixel is written.

Digests are FNV-1a, 64 bits: they guard against differences, not against forgers.
"""

import io
import json
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "..", "..", "Tests", "MedicalImagesTests", "Golden")


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def drawing(width, height, channels, seed):
    """Smooth colour, hard edges and noise: everything a decoder or a filter can get wrong shows."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    layers = []
    for channel in range(channels):
        layer = 128 + 100 * np.sin(x / (3 + channel) + y / 7) * np.cos(y / (5 - channel))
        layer[(x - width / 2) ** 2 + (y - height / 3) ** 2 < (min(width, height) / (3 + channel)) ** 2] = 250 - 90 * channel
        layer[(x.astype(int) // 5 + y.astype(int) // 3) % 7 == 0] = 10 + 40 * channel
        layers.append(layer)
    picture = np.stack(layers, axis=-1) + np.random.default_rng(seed).normal(0, 12, (height, width, channels))
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)


def image(array):
    return Image.fromarray(array[..., 0] if array.shape[2] == 1 else array)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, depth, color_type, interlaced=False, extra=b"", palette=b""):
    """A PNG writer for the kinds that Pillow does not write. samples: [height, width, channels], below 2**depth."""

    def rows(part):
        height, width, channels = part.shape
        if height == 0 or width == 0:
            return b""
        out = b""
        for row in part:
            values = row.reshape(-1)
            if depth == 16:
                line = values.astype(">u2").tobytes()
            else:
                bits = "".join(format(int(v), f"0{depth}b") for v in values)
                bits += "0" * (-len(bits) % 8)
                line = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
            out += b"\0" + line
        return out

    height, width, _ = samples.shape
    if interlaced:
        raw = b"".join(rows(samples[y0::dy, x0::dx]) for x0, y0, dx, dy in ADAM7)
    else:
        raw = rows(samples)
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced))
    data = chunk(b"IHDR", header) + extra + palette + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def pictures():
    """name -> file content"""
    files = {}

    def save(name, picture, **options):
        stream = io.BytesIO()
        picture.save(stream, **options)
        files[name] = stream.getvalue()

    color = drawing(61, 47, 3, 1)
    grey = drawing(37, 29, 1, 2)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        save(f"rgb-{name}.jpg", image(color), format="JPEG", quality=85, subsampling=subsampling)
        save(f"rgb-{name}-progressive.jpg", image(color), format="JPEG", quality=60, subsampling=subsampling,
             progressive=True)
    save("rgb-420-even.jpg", image(drawing(64, 48, 3, 3)), format="JPEG", quality=95, subsampling=2)
    save("rgb-420-restarts.jpg", image(color), format="JPEG", quality=75, subsampling=2, restart_marker_rows=1)
    save("rgb-stored.jpg", image(color), format="JPEG", quality=90, keep_rgb=True)
    save("one-pixel.jpg", image(drawing(1, 1, 3, 4)), format="JPEG")
    save("grey.jpg", image(grey), format="JPEG", quality=80)
    save("grey-progressive.jpg", image(grey), format="JPEG", quality=80, progressive=True)
    save("wide.jpg", image(drawing(131, 3, 3, 5)), format="JPEG", quality=80, subsampling=2)
    save("cmyk.jpg", image(color).convert("CMYK"), format="JPEG", quality=80)

    save("grey.png", image(grey), format="PNG")
    save("rgb.png", image(color), format="PNG")
    save("rgb-transparent-color.png", image(color), format="PNG", transparency=tuple(int(v) for v in color[3, 4]))
    alpha = drawing(23, 17, 4, 6)
    save("rgba.png", image(alpha), format="PNG")
    save("grey-alpha.png", Image.merge("LA", [image(alpha[..., :1]), image(alpha[..., 3:])]), format="PNG")
    save("one-bit.png", image(grey).convert("1"), format="PNG")
    palette = image(color).quantize(200)
    save("palette.png", palette, format="PNG")
    save("palette-transparent.png", palette, format="PNG", transparency=bytes(range(200)))
    save("palette-4-bit.png", image(color).quantize(16), format="PNG", bits=4)
    for depth in (1, 2, 4, 8):
        values = grey >> (8 - depth)
        files[f"grey-{depth}-bit-interlaced.png"] = png(values, depth, 0, interlaced=True)
    files["grey-2-bit.png"] = png(grey >> 6, 2, 0)
    files["grey-4-bit.png"] = png(grey >> 4, 4, 0)
    files["rgb-interlaced.png"] = png(color, 8, 2, interlaced=True)
    files["rgba-interlaced.png"] = png(alpha, 8, 6, interlaced=True)
    # A gamma and chromaticities that libpng would apply and Pillow does not; a background likewise.
    gamma = chunk(b"gAMA", struct.pack(">I", 100000))
    primaries = chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 70000, 30000, 20000, 70000, 15000, 5000))
    files["rgb-gamma.png"] = png(color, 8, 2, extra=gamma + primaries)
    files["rgba-gamma-background.png"] = png(
        alpha, 8, 6, extra=gamma + chunk(b"bKGD", struct.pack(">3H", 200, 10, 10)))
    deep = drawing(9, 7, 4, 7).astype(np.uint16) * 257 ^ 0x0F
    files["grey-16-bit.png"] = png(deep[..., :1], 16, 0)
    files["rgb-16-bit.png"] = png(deep[..., :3], 16, 2)
    files["rgba-16-bit.png"] = png(deep, 16, 6)
    return files


REFUSED = {"cmyk.jpg", "grey-16-bit.png", "rgb-16-bit.png", "rgba-16-bit.png"}


def pixels(picture):
    return np.asarray(picture.convert("RGB")).tobytes()


def resized_digests(picture, sizes):
    result = []
    for width, height in sizes:
        for name, method in (("nearest", Image.Resampling.NEAREST), ("bilinear", Image.Resampling.BILINEAR),
                             ("lanczos", Image.Resampling.LANCZOS)):
            made = picture.convert("RGB").resize((width, height), method)
            result.append({"width": width, "height": height, "resampling": name, "digest": fnv1a(pixels(made))})
    return result


def network_input(picture, scaling):
    """As Keras does it: float32 throughout."""
    values = np.asarray(picture.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR), dtype=np.float32)
    if scaling == "imagenet":
        values = values[..., ::-1] - np.array([103.939, 116.779, 123.68], dtype=np.float32)
    else:
        values = values * np.float32(1 / 255)
    return fnv1a(np.ascontiguousarray(values).astype("<f4").tobytes())


def grey_input(picture):
    """As the shipped heads see a picture: grey, 256 x 256 by LANCZOS, 320 x 320 by BILINEAR, three channels less the means."""
    grey = picture.convert("L").resize((256, 256), Image.Resampling.LANCZOS).resize((320, 320), Image.Resampling.BILINEAR)
    values = np.asarray(grey, dtype=np.float32)[..., None] - np.array([103.939, 116.779, 123.68], dtype=np.float32)
    return fnv1a(np.ascontiguousarray(values).astype("<f4").tobytes())


SIZES = [(224, 224), (16, 16), (61, 20), (30, 47), (7, 90), (1, 1), (100, 33)]

def main():
    os.makedirs(GOLDEN, exist_ok=True)
    expected = []
    for name, content in sorted(pictures().items()):
        with open(os.path.join(GOLDEN, name), "wb") as file:
            file.write(content)
        picture = Image.open(io.BytesIO(content))
        entry = {"file": name, "width": picture.width, "height": picture.height, "mode": picture.mode}
        if name not in REFUSED:
            entry["pixels"] = fnv1a(pixels(picture))
            entry["grey"] = fnv1a(picture.convert("RGB").convert("L").tobytes())
            if name in ("rgb.png", "grey.png", "rgb-420.jpg", "wide.jpg", "one-pixel.jpg", "palette.png"):
                entry["resized"] = resized_digests(picture, SIZES)
            if name in ("rgb.png", "grey.png"):
                entry["imagenet"] = network_input(picture, "imagenet")
                entry["divide_255"] = network_input(picture, "divide_255")
                entry["grey_input"] = grey_input(picture)
        expected.append(entry)
    with open(os.path.join(GOLDEN, "pictures.json"), "w") as file:
        json.dump(expected, file, indent=1)
        file.write("\n")

    if len(sys.argv) < 2:
        return
    root = sys.argv[1]
    chosen = []
    for folder in ("kidney-ct-two-class", "kidney-ct-four-class"):
        for kind in sorted(os.listdir(os.path.join(root, folder))):
            names = sorted(os.listdir(os.path.join(root, folder, kind)))
            step = 100 if folder.endswith("four-class") else 75
            chosen += [f"{folder}/{kind}/{name}" for name in names[5::step]]
    real = []
    for path in chosen:
        picture = Image.open(os.path.join(root, path))
        real.append({
            "file": path, "width": picture.width, "height": picture.height, "mode": picture.mode,
            "pixels": fnv1a(pixels(picture)), "resized": resized_digests(picture, [(224, 224)]),
            "imagenet": network_input(picture, "imagenet"), "divide_255": network_input(picture, "divide_255"),
            "grey": fnv1a(picture.convert("RGB").convert("L").tobytes()), "grey_input": grey_input(picture),
        })
    with open(os.path.join(GOLDEN, "real-slices.json"), "w") as file:
        json.dump(real, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
