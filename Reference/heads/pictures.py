"""The pictures of both sets, as the program sees them."""

import sys

from PIL import Image

CLASSES = ["Cyst", "Normal", "Stone", "Tumor"]


def pictures(two_class, four_class):
    """Of both sets: {"path", "file", "label"} in the order of the paths, which are those of `nefro heads`."""
    found = []
    for name, folder in (("two-class", two_class), ("four-class", four_class)):
        for label, class_name in enumerate(CLASSES):
            for file in sorted((folder / class_name).glob("*")) if (folder / class_name).is_dir() else []:
                if file.suffix.lower() in (".jpg", ".jpeg", ".png"):
                    found.append({"path": f"{class_name}/{name} {file.name}", "file": file, "label": label})
    if not found:
        sys.exit(f"There is no picture in {two_class} and {four_class}. Name folders that hold {', '.join(CLASSES)}.")
    return sorted(found, key=lambda picture: picture["path"])


def alike(file):
    """The picture as the program's preprocessing has it: grey, 256 x 256."""
    picture = Image.open(file).convert("L")
    return picture if picture.size == (256, 256) else picture.resize((256, 256), Image.Resampling.LANCZOS)
