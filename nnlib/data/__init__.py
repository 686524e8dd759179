"""The book's data sets. Every loader reads a small file beside it; nothing is ever downloaded.

Sources, licences and credits: README.md in this folder, and each loader's docstring.
"""

from nnlib.data.views import Views, load_views, split_by_date, views_split, windows

__all__ = ["Views", "load_views", "split_by_date", "views_split", "windows"]
