"""Arrays in an .npz file: written whole or not at all, read only after names, shapes and dtypes were seen to fit."""

import os
import zipfile
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from nnlib.checks import Array


def write_arrays(path: str | os.PathLike[str], arrays: dict[str, Array]) -> None:
    """Write {name: array} to an .npz file (no pickle). The file is whole or, after an error, as it was before."""
    path = Path(os.path.realpath(path))  # a symbolic link stays one
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "w") as file:
            for name, value in arrays.items():
                with file.open(f"{name}.npy", "w", force_zip64=True) as member:
                    npy.write_array(member, value, allow_pickle=False)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_arrays(path: str | os.PathLike[str], like: dict[str, Array]) -> dict[str, Array]:
    """{name: array} of an .npz file that has the names and shapes of `like`, and floats; else ValueError.

    That is looked at before any array is read, so that a small file cannot fill the memory; nothing is unpickled."""
    with open(path, "rb") as opened:
        try:
            with zipfile.ZipFile(opened) as file:
                names = {name.removesuffix(".npy"): name for name in file.namelist()}
                if names.keys() != like.keys():
                    raise Misfit(f"belongs to another model: missing {sorted(like.keys() - names.keys())}, "
                                 f"not known here {sorted(names.keys() - like.keys())}")
                for name, value in like.items():
                    shape, dtype = header(file, names[name])
                    if shape != value.shape or dtype.kind != "f":
                        raise Misfit(f"does not fit: {name} must be floats of shape {value.shape}, "
                                     f"got {dtype} of shape {shape}")
                return {name: read(file, member) for name, member in names.items()}
        except Exception as error:  # a broken file can fail in many ways; they mean the same to the reader
            if type(error) is Misfit:
                raise ValueError(f"{path} {error}") from None
            raise ValueError(f"{path} is not a readable .npz file of arrays: {error}") from error


class Misfit(Exception):
    """The file is sound, but it is not the one for this model."""


def header(file: zipfile.ZipFile, member: str) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and dtype of an array, without reading it."""
    with file.open(member) as opened:
        version = npy.read_magic(opened)
        shape, _, dtype = (npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0)(opened)
    return shape, dtype


def read(file: zipfile.ZipFile, member: str) -> Array:
    with file.open(member) as opened:
        array = npy.read_array(opened, allow_pickle=False)
        if opened.read(1):
            raise ValueError(f"{member} is longer than its array")
        return array
