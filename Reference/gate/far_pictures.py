"""Shows pictures that are no kidney CT to a model's gate, and prints by group how many it lets in.

Nothing is downloaded: all pictures come out of the packages in requirements.txt or are drawn here from a seed.
"""
import argparse
import json
import logging
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

matplotlib.use("Agg")
warnings.filterwarnings("ignore")
logging.disable(logging.ERROR)

# Groups whose pictures are kidney CT, or are meant to look like it: what the gate says of them is told, not judged.
APART = "apart: "
WINDOWS = {"soft tissue": (40, 400), "narrow": (40, 100), "bone": (450, 1500), "lung": (-600, 1500)}


class Pictures:
    """Keeps pictures as PNG files, in a folder for each group."""

    def __init__(self, folder):
        self.folder = folder
        self.groups = {}

    def add(self, group, name, picture):
        if not isinstance(picture, Image.Image):
            picture = Image.fromarray(np.ascontiguousarray(picture))
        if picture.mode not in ("L", "RGB"):
            picture = picture.convert("RGB" if "A" in picture.getbands() or picture.mode == "P" else "L")
        number = self.groups.setdefault(group, len(self.groups))
        folder = self.folder / f"{number:02}"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}.png"
        assert not file.exists(), file
        picture.save(file)

    def group_of(self, path):
        number = int(Path(path).parent.name)
        return next(group for group, place in self.groups.items() if place == number)


def stretched(plane, low=None, high=None):
    """Grey levels 0 to 255 from numbers; without limits from the 1st to the 99th percentile."""
    plane = np.asarray(plane, dtype=np.float64)
    if low is None:
        low, high = np.percentile(plane, [1, 99])
        if high <= low:
            low, high = plane.min(), max(plane.max(), plane.min() + 1)
    return np.uint8(np.clip((plane - low) / (high - low), 0, 1) * 255)


def enlarged(picture, least=256):
    """At least so large along the shorter side, since tiny pictures would be told by their size alone."""
    if not isinstance(picture, Image.Image):
        picture = Image.fromarray(picture)
    factor = least / min(picture.size)
    if factor <= 1:
        return picture
    return picture.resize([round(side * factor) for side in picture.size], Image.BICUBIC)


# Photographs and microscopy --------------------------------------------------------------------------------------------


def photographs(out, random):
    import skimage
    import sklearn.datasets

    folder = Path(skimage.__file__).parent / "data"
    samples = Path(matplotlib.get_data_path()) / "sample_data"
    images = Path(sklearn.datasets.__file__).parent / "images"
    files = [folder / name for name in (
        "astronaut.png", "camera.png", "chelsea.png", "clock_motion.png", "coffee.png", "coins.png", "brick.png", "grass.png",
        "gravel.png", "hubble_deep_field.jpg", "moon.png", "motorcycle_left.png", "motorcycle_right.png", "rocket.jpg")]
    files += [images / "china.jpg", images / "flower.jpg", samples / "grace_hopper.jpg"]
    microscopy = [folder / name for name in ("cell.png", "ihc.png", "microaneurysms.png", "retina.jpg")]
    drawings = [folder / name for name in ("chessboard_GRAY.png", "color.png", "horse.png", "logo.png", "page.png", "text.png")]
    drawings += [samples / "Minduka_Present_Blue_Pack.png", samples / "logo2.png"]
    drawings += sorted((Path(matplotlib.get_data_path()) / "images").glob("*_large.png"))
    for group, members, crops in (
        ("photographs", files, 3), ("microscopy, eye grounds", microscopy, 4), ("pages, logos, silhouettes, icons", drawings, 0)):
        for file in members:
            picture = Image.open(file)
            if picture.mode != "L":
                # On white, as a page or a viewer shows it.
                ground = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
            out.add(group, file.stem, picture)
            grey = picture.convert("L")
            if picture.mode != "L":
                out.add(group + ", in grey", file.stem, grey)
            for number in range(crops):
                side = int(random.uniform(0.3, 0.7) * min(grey.size))
                left, top = (int(random.integers(0, length - side + 1)) for length in grey.size)
                out.add(group + ", in grey, cut out", f"{file.stem}-{number}", grey.crop((left, top, left + side, top + side)))
    faces = np.load(folder / "lfw_subset.npy")
    for number in random.choice(100, 15, replace=False):
        out.add("faces of 25 pixels, enlarged", f"face-{number}", enlarged(stretched(faces[number], 0, 1)))
    digits = sklearn.datasets.load_digits().images
    for number in random.choice(len(digits), 15, replace=False):
        out.add("written digits, enlarged", f"digit-{number}", enlarged(stretched(digits[number], 0, 16)))


# Medical pictures ------------------------------------------------------------------------------------------------------


def planes(name):
    """The frames of one of pydicom's test files, in the file's own units, and its header."""
    import pydicom
    from pydicom.data import get_testdata_file

    path = get_testdata_file(name, download=False)
    if path is None:
        sys.exit(f"{name} is in neither pydicom nor pydicom-data; install requirements.txt")
    header = pydicom.dcmread(path, force=True)
    pixels = header.pixel_array
    if header.get("PhotometricInterpretation", "").startswith("YBR") or header.get("SamplesPerPixel", 1) == 3:
        return header, [np.uint8(frame) for frame in (pixels if pixels.ndim == 4 else [pixels])]
    values = pixels * float(header.get("RescaleSlope", 1)) + float(header.get("RescaleIntercept", 0))
    return header, list(values if values.ndim == 3 else [values])


def medical(out, random):
    for name in ("693_UNCR.dcm", "693_J2KI.dcm", "J2K_pixelrep_mismatch.dcm", "bad_sequence.dcm", "CT_small.dcm"):
        for window, (centre, width) in WINDOWS.items():
            for frame in planes(name)[1]:
                frame = stretched(frame, centre - width / 2, centre + width / 2)
                out.add("CT of head, neck, spine", f"{Path(name).stem}-{window}", enlarged(frame))
    for number, frame in enumerate(planes("eCT_Supplemental.dcm")[1]):
        out.add("CT of head, neck, spine", f"perfusion-{number}", stretched(frame))
    for window, (centre, width) in WINDOWS.items():
        frame = stretched(planes("explicit_VR-UN.dcm")[1][0], centre - width / 2, centre + width / 2)
        out.add(APART + "abdominal CT with kidneys, other hospital", window, frame)
        out.add(APART + "abdominal CT with kidneys, other hospital", window + ", turned", frame[::-1, ::-1])
        rows, columns = np.nonzero(frame > 40)
        out.add(
            APART + "abdominal CT with kidneys, other hospital", window + ", cut to the body",
            frame[rows.min():rows.max() + 1, columns.min():columns.max() + 1])
    for name in ("MR2_UNCR.dcm", "MR2_J2KI.dcm", "examples_overlay.dcm", "MR-SIEMENS-DICOM-WithOverlays.dcm", "MR_small.dcm"):
        for frame in planes(name)[1]:
            out.add("MR of shoulder, abdomen, others", Path(name).stem, enlarged(stretched(frame)))
    for number, frame in enumerate(planes("emri_small.dcm")[1]):
        out.add("MR of the head", f"emri-{number}", enlarged(stretched(frame)))
    for name in ("RG1_UNCR.dcm", "RG3_UNCR.dcm"):
        header, (frame,) = planes(name)
        frame = stretched(frame if header.PhotometricInterpretation == "MONOCHROME2" else -frame)
        picture = Image.fromarray(frame)
        out.add("X-ray", Path(name).stem, picture.resize((768, 768 * frame.shape[0] // frame.shape[1])))
        for number in range(6):
            side = int(random.uniform(0.25, 0.6) * min(picture.size))
            left, top = (int(random.integers(0, length - side + 1)) for length in picture.size)
            out.add("X-ray", f"{Path(name).stem}-{number}", picture.crop((left, top, left + side, top + side)).resize((512, 512)))
    for name, count in (
        ("US1_UNCR.dcm", 1), ("examples_rgb_color.dcm", 1), ("examples_ybr_color.dcm", 4), ("color-pl.dcm", 1),
        ("color3d_jpeg_baseline.dcm", 4), ("gdcm-US-ALOKA-16.dcm", 1), ("OBXXXX1A.dcm", 1), ("examples_palette.dcm", 1)):
        frames = planes(name)[1]
        for number in np.linspace(0, len(frames) - 1, count).astype(int):
            frame = Image.fromarray(frames[number] if frames[number].ndim == 3 else stretched(frames[number]))
            out.add("ultrasound", f"{Path(name).stem}-{number}", frame)
            out.add("ultrasound, in grey", f"{Path(name).stem}-{number}", frame.convert("L"))
    out.add("nuclear medicine, masks, dose", "bone", stretched(planes("JPEG2000_UNC.dcm")[1][0]))
    for number, frame in enumerate(planes("liver.dcm")[1]):
        out.add("nuclear medicine, masks, dose", f"liver-{number}", stretched(frame, 0, 1))
    for number, frame in enumerate(planes("rtdose.dcm")[1][::3]):
        out.add("nuclear medicine, masks, dose", f"dose-{number}", enlarged(stretched(frame)))
    brains(out)


def brains(out):
    import nibabel
    import nilearn

    folder = Path(nilearn.__file__).parent / "datasets" / "data"
    tests = Path(nibabel.__file__).parent / "tests" / "data"
    for kind, group in (("t1", "MR of the head"), ("gm", "maps of brain tissue"), ("wm", "maps of brain tissue")):
        volume = nibabel.load(folder / f"mni_icbm152_{kind}_tal_nlin_sym_09a_converted.nii.gz").get_fdata()
        for axis, letter in enumerate("xyz"):
            for place in np.linspace(0.2, 0.8, 12 if kind == "t1" else 3):
                plane = np.rot90(np.take(volume, int(place * volume.shape[axis]), axis))
                out.add(group, f"{kind}-{letter}-{place:.2f}", stretched(plane, 0, np.percentile(volume, 99.5)))
    volume = nibabel.load(tests / "example4d.nii.gz").get_fdata()[..., 0]
    for place in range(2, volume.shape[2] - 2, 2):
        out.add("MR of the head", f"example-{place}", enlarged(stretched(np.rot90(volume[:, :, place]))))
    volume = nibabel.load(tests / "anatomical.nii").get_fdata()
    for place in range(5, volume.shape[2] - 3, 4):
        out.add("MR of the head", f"anatomical-{place}", enlarged(stretched(np.rot90(volume[:, :, place]))))
    with matplotlib.cbook.get_sample_data("s1045.ima.gz") as file:
        out.add("MR of the head", "s1045", stretched(np.frombuffer(file.read(), np.uint16).reshape(256, 256)))


# Drawn pictures --------------------------------------------------------------------------------------------------------


def font(size):
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"), size)


def words(random, count):
    return " ".join("".join(random.choice(list("aeioubcdlmnrst"), random.integers(2, 10))) for _ in range(count))


def page(random, size, dark, ink):
    picture = Image.new("RGB", size, dark)
    draw = ImageDraw.Draw(picture)
    height = int(random.integers(10, 22))
    for top in range(12, size[1] - height, int(height * 1.5)):
        if random.random() < 0.85:
            draw.text((14, top), words(random, int(random.integers(3, 14))), ink, font(height))
    return picture


def screenshot(random):
    size = (int(random.integers(600, 1281)), int(random.integers(400, 901)))
    dark = random.random() < 0.5
    ground, ink = ((30, 30, 36), (220, 220, 220)) if dark else ((245, 245, 245), (20, 20, 20))
    picture = page(random, size, ground, ink)
    draw = ImageDraw.Draw(picture)
    for _ in range(random.integers(2, 6)):
        left, top = int(random.integers(0, size[0] - 200)), int(random.integers(0, size[1] - 120))
        box = (left, top, left + int(random.integers(120, 420)), top + int(random.integers(80, 300)))
        draw.rectangle(box, tuple(int(x) for x in random.integers(40, 230, 3)), outline=ink)
        draw.rectangle((box[0], box[1], box[2], box[1] + 22), tuple(int(x) for x in random.integers(40, 230, 3)))
        draw.text((box[0] + 6, box[1] + 4), words(random, 2), ink, font(13))
    return picture


def chart(random, kind):
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(4, 3), dpi=120)
    x = np.linspace(0, 10, 200)
    if kind == 0:
        for _ in range(4):
            axes.plot(x, np.cumsum(random.normal(size=200)))
    elif kind == 1:
        axes.bar(range(8), random.random(8))
    elif kind == 2:
        axes.imshow(random.random((12, 12)), cmap="gray")
    else:
        axes.scatter(*random.normal(size=(2, 300)), s=8, color="black")
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()
    pyplot.close(figure)
    return pixels


def clouds(random, side, roughness):
    """Noise whose spectrum falls with frequency to a power, as tissue's does; mean 0, deviation 1."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    frequency[0, 0] = 1
    noise = np.real(np.fft.ifft2(np.fft.fft2(random.normal(size=(side, side))) / frequency**roughness))
    return (noise - noise.mean()) / noise.std()


def ellipse(side, centre, radii):
    y, x = np.mgrid[:side, :side]
    return ((x - centre[0] * side) / (radii[0] * side)) ** 2 + ((y - centre[1] * side) / (radii[1] * side)) ** 2 <= 1


def trap(random, kind):
    """Grey shapes on black that look like a slice of a body to somebody far away."""
    side = 512
    body = ellipse(side, (0.5, 0.5), random.uniform([0.35, 0.25], [0.46, 0.36]))
    plane = np.where(body, 110.0, 0.0)
    if kind != "flat":
        plane += body * random.uniform(8, 25) * clouds(random, side, random.uniform(0, 1.5))
    if kind == "kidneys":
        for across in (0.32, 0.68):
            plane[ellipse(side, (across, 0.55), random.uniform([0.05, 0.07], [0.08, 0.11]))] += 60
        plane[ellipse(side, (0.5, 0.66), (0.06, 0.06))] = 230
    return np.uint8(np.clip(plane, 0, 255))


def drawn(out, random):
    for number in range(25):
        picture = screenshot(random)
        out.add("screenshots", str(number), picture)
        out.add("screenshots, in grey", str(number), picture.convert("L"))
    for number in range(15):
        ground, ink = (("white", "black"), ("black", "white"), ("#999999", "#333333"))[number % 3]
        out.add("pages of text", str(number), page(random, (512, int(random.integers(400, 721))), ground, ink).convert("L"))
    for number in range(12):
        picture = Image.fromarray(chart(random, number % 4))
        out.add("charts", str(number), picture)
        out.add("charts, in grey", str(number), picture.convert("L"))
    for number in range(8):
        side = (256, 512)[number % 2]
        out.add("noise", f"even-{number}", np.uint8(random.integers(0, 256, (side, side))))
        out.add("noise", f"normal-{number}", stretched(random.normal(size=(side, side)), -4, 4))
        out.add("noise", f"sparse-{number}", np.uint8(255 * (random.random((side, side)) < 0.05)))
        out.add("noise", f"clouds-{number}", stretched(clouds(random, side, 0.5 + 0.25 * number), -3, 3))
    ramp = np.tile(np.linspace(0, 255, 512), (512, 1))
    for number, turn in enumerate((ramp, ramp.T, (ramp + ramp.T) / 2, 255 - ramp)):
        out.add("flat, gradients", f"ramp-{number}", np.uint8(turn))
    for level in (0, 40, 90, 128, 200, 255):
        out.add("flat, gradients", f"flat-{level}", np.full((512, 512), level, np.uint8))
    y, x = np.mgrid[-1:1:512j, -1:1:512j]
    for number, rings in enumerate((0, 3, 12, 40)):
        out.add("flat, gradients", f"round-{number}", np.uint8(127 + 127 * np.cos(rings * np.hypot(x, y) + 1)))
    for kind in ("flat", "grain", "kidneys"):
        for number in range(10):
            out.add("drawn bodies of ellipses", f"{kind}-{number}", trap(random, kind))
    phantoms(out)


def phantoms(out):
    import skimage
    from skimage.transform import radon

    phantom = np.asarray(Image.open(Path(skimage.__file__).parent / "data" / "phantom.png").convert("L"))
    out.add("phantom and sinograms", "phantom", phantom)
    out.add("phantom and sinograms", "phantom-brighter", stretched(phantom, 0, 128))
    for step in (1, 2):
        sinogram = radon(phantom[::2, ::2].astype(float), np.arange(0, 180, step), circle=False)
        out.add("phantom and sinograms", f"sinogram-{step}", enlarged(stretched(sinogram)))


# Kidney slices, whole and damaged --------------------------------------------------------------------------------------


def slices(out, random, folder, count):
    files = sorted(file for kind in ("*.jpg", "*.jpeg", "*.png") for file in folder.rglob(kind))
    if not files:
        sys.exit(f"{folder} holds no pictures")
    for number, place in enumerate(sorted(random.choice(len(files), min(count, len(files)), replace=False))):
        picture = Image.open(files[place]).convert("L")
        pixels = np.asarray(picture)
        height, width = pixels.shape
        quarter = (width // 4, height // 4, width - width // 4, height - height // 4)
        framed = Image.new("L", (2 * width, 2 * height), 60)
        framed.paste(picture, (width // 2, height // 2))
        half = pixels.copy()
        half[:, width // 2:] = 0
        tinted = np.stack([pixels, pixels // 2, pixels // 2], axis=2)
        for change, changed in {
            "as they are": picture, "upside down": pixels[::-1], "turned by 90 degrees": np.rot90(pixels),
            "inverted": 255 - pixels, "middle quarter only": picture.crop(quarter), "right half black": half,
            "small in a grey frame": framed, "blurred by 4 pixels": picture.filter(ImageFilter.GaussianBlur(4)),
            "noise of 25 grey levels": np.uint8(np.clip(pixels + random.normal(0, 25, pixels.shape), 0, 255)),
            "tinted red": tinted, "brightness x 0.3": np.uint8(pixels * 0.3),
        }.items():
            out.add(f"{APART}kidney slices, {change}", str(number), changed)


# The table -------------------------------------------------------------------------------------------------------------


def answers(nefro, model, folder):
    done = subprocess.run([nefro, "predict", "--json", "--model", model, str(folder)], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{nefro} predict ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def row(lines):
    """Number, number let in, of those refused by distance the nearest over the threshold, refusals by reason."""
    accepted = sum(line["decision"] != "not_kidney_ct" for line in lines)
    reasons, distances = Counter(), []
    for line in lines:
        if line["decision"] != "not_kidney_ct":
            continue
        if "(distance " not in line["reason"]:
            reasons["colour"] += 1
            continue
        reasons["distance"] += 1
        distance, threshold = line["reason"].split("(distance ")[1].rstrip(")").split(", at most ")
        distances.append(float("inf" if distance == "infinite" else distance) / float(threshold))
    nearest = f"{min(distances):.2f}" if distances else "none by distance"
    return len(lines), accepted, nearest, ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))


def table(lines, out):
    by_group = {}
    for line in lines:
        by_group.setdefault(out.group_of(line["path"]), []).append(line)
    print("| pictures | number | accepted | nearest distance / threshold | refused for |\n|---|---|---|---|---|")
    for group in sorted(by_group, key=lambda group: (group.startswith(APART), list(out.groups).index(group))):
        print("| " + " | ".join(str(cell) for cell in (group, *row(by_group[group]))) + " |")
    far = [line for group, members in by_group.items() if not group.startswith(APART) for line in members]
    print("| **all far pictures** | " + " | ".join(str(cell) for cell in row(far)) + " |")
    for line in far:
        if line["decision"] != "not_kidney_ct":
            print(f"\naccepted: {out.group_of(line['path'])}, {Path(line['path']).stem}, as {line['label']} ({line['decision']})")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="an empty folder for the pictures and answers")
    parser.add_argument("--model", action="append", default=[], help="a model file; may be given several times")
    parser.add_argument("--slices", type=Path, help="a folder of kidney slices, to damage and list apart")
    parser.add_argument("--slice-count", type=int, default=40)
    parser.add_argument("--nefro", default="nefro")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.out.exists() and any(options.out.iterdir()):
        sys.exit(f"{options.out} is not empty")
    out = Pictures(options.out / "pictures")
    # A stream each, so that a picture added to one kind leaves the others as they were.
    for number, make in enumerate((photographs, medical, drawn)):
        make(out, np.random.default_rng([options.seed, number]))
    if options.slices:
        slices(out, np.random.default_rng([options.seed, 99]), options.slices, options.slice_count)
    far = sum(not group.startswith(APART) for group in out.groups)
    print(f"{far} groups of far pictures, seed {options.seed}\n")
    for model in options.model:
        lines = answers(options.nefro, model, out.folder)
        name = Path(model).stem
        (options.out / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        print(f"{name}, {lines[0]['model']['digest'][:12]}:\n")
        table(lines, out)
        print()


if __name__ == "__main__":
    main()
