"""What the book adds around nnlib: data, figures, widgets, exercises."""

import nnlib

if not hasattr(nnlib, "gradient_check"):
    raise ImportError(
        f"Another nnlib stands in the way: {nnlib.__file__ or list(nnlib.__path__)}. PyPI has an older package of this "
        "name. If that was installed: %pip uninstall -y nnlib neural-network-foundations, restart the kernel and run "
        "the first cell of the chapter, which installs the book's code. If it is a file of your own: rename it."
    )
