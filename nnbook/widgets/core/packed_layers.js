// A convolutional network that Python packed (layers.py), computed in the page.
import { conv2d, pool2d, affine, flatten, map } from "./network.js";
import { floats, nested } from "./pixels.js";

// Layers as Python packs them -> the same with nested weights.
export const unpacked = layers => layers.map(layer => layer.W === undefined ? layer :
  { ...layer, W: nested(floats(layer.W), layer.shape), b: floats(layer.b) });

// Outputs of all layers for one image (C, H, W); nnlib's Sequential does the same.
export function forward(layers, image) {
  const outputs = [];
  let x = image;
  for (const layer of layers) {
    if (layer.kind === "conv") x = conv2d(layer.W, layer.b, x, layer);
    else if (layer.kind === "relu") x = map(x, v => Math.max(v, 0));
    else if (layer.kind === "pool") x = pool2d(x, layer.size, layer.stride, layer.pooling);
    else if (layer.kind === "flatten") x = Float64Array.from(flatten(x));
    else x = affine(layer.W, layer.b, x);
    outputs.push(x);
  }
  return outputs;
}
