"""Make nnbook/data/files/photo.png: a part of a photograph of the Summer Palace in Beijing, for trying kernels.

    pip download --no-deps scikit-learn==1.9.1 && python tools/data/make_photo.py scikit_learn-1.9.1-*.whl

Another version of the JPEG decoder may round a pixel differently; the committed file is what the book uses.
"""

import io

import source
from PIL import Image

content = source.verify(source.read(source.package_argument(), "sklearn/datasets/images/china.jpg"),
                        "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29", "china.jpg")
photo = Image.open(io.BytesIO(content)).convert("RGB").crop((30, 10, 414, 298)).resize((256, 192), Image.Resampling.BOX)
buffer = io.BytesIO()
photo.save(buffer, "PNG", optimize=True)
source.write("photo.png", buffer.getvalue())
