"""Make nnbook/data/files/digits.npz: 1,797 handwritten digits of 8 x 8 pixels, the last 360 to test.

    pip download --no-deps scikit-learn==1.9.1 && python tools/data/make_digits.py scikit_learn-1.9.1-*.whl

Each class gives 36 digits to the test part, drawn and shuffled with a fixed seed.
"""

import gzip

import numpy as np
import source

content = source.verify(source.read(source.package_argument(), "sklearn/datasets/data/digits.csv.gz"),
                        "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22", "digits.csv.gz")
table = np.loadtxt(gzip.decompress(content).decode().splitlines(), delimiter=",").astype(np.uint8)
images, labels = table[:, :-1].reshape(-1, 8, 8), table[:, -1]
order = source.stratified_order(labels, n_test_per_class=36, rng=np.random.default_rng(0))
source.write_arrays("digits.npz", images=images[order], labels=labels[order])
