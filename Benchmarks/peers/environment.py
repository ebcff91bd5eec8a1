"""What must be there before anything is measured: the peers' Python, the weights, Nefro's programs."""

import os
import pathlib
import subprocess
import sys
import venv as virtual_environments

HERE = pathlib.Path(__file__).resolve().parent
BENCHMARKS = HERE.parent
PROJECT = BENCHMARKS.parent
VENV = BENCHMARKS / ".venv"
REQUIREMENTS, TORCH = HERE / "requirements.txt", HERE / "requirements-torch.txt"


def say(text):
    print(f"== {text}", file=sys.stderr, flush=True)


def python(venv):
    """The Python of the environment, made and filled where it is not yet as the two lists want it."""
    program = venv.resolve() / "bin" / "python"
    wanted = REQUIREMENTS.read_text() + TORCH.read_text()
    stamp = venv / "nefro-requirements.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        say(f"Making the peers' Python environment in {venv} (2 to 7 GB)")
        if not program.exists():
            virtual_environments.create(venv, with_pip=True)
        install = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", REQUIREMENTS], check=True)
        install_torch(program, install)
        stamp.write_text(wanted)
    return program


def install_torch(program, install):
    """Alone, and with what it asks for only where it cannot be loaded without."""
    def works():
        return subprocess.run([program, "-c", "import torch"], capture_output=True).returncode == 0

    subprocess.run([*install, "--no-deps", "-r", TORCH])
    if works():
        return
    say("This build of PyTorch cannot be loaded without CUDA's libraries: fetching some gigabytes of them")
    subprocess.run([*install, "-r", TORCH])
    if not works():
        say("PyTorch does not work; the report will say that it failed")


def weights(path):
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    path = path or cache / "nefro" / "weights" / "vgg16.safetensors"
    if not path.is_file():
        sys.exit(f"error: {path} is missing. Run `nefro weights fetch vgg16`, or give --weights.")
    return path.resolve()


def programs(nefro, nefro_benchmarks):
    """{"nefro": …, "nefro-benchmarks": …}"""
    return {
        "nefro": given(nefro) or built(PROJECT, "nefro"),
        "nefro-benchmarks": given(nefro_benchmarks) or built(BENCHMARKS, "nefro-benchmarks"),
    }


def given(path):
    if path and not path.is_file():
        sys.exit(f"error: there is no program {path}.")
    return path and path.resolve()


def built(package, product):
    say(f"Building {product}")
    command = ["swift", "build", "-c", "release", "--package-path", package, "--product", product]
    subprocess.run(command, check=True, stdout=sys.stderr)
    shown = subprocess.run([*command[:-2], "--show-bin-path"], check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip()) / product
