"""Values on both sides of each threshold of the engine: what a mutation there would change must be seen."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.sequences import BOS, EOS, PAD, EncoderDecoder


@pytest.mark.parametrize("row, column", [(0, 0), (0, 2), (3, 0), (3, 2)])
def test_a_nan_anywhere_in_the_input_is_found(row, column):
    x = np.ones((4, 3))
    x[row, column] = np.nan
    for n_out in (1, 2, 5):
        with pytest.raises(nn.NaNError, match="input of Linear contains NaN"):
            nn.Linear(3, n_out, rng=np.random.default_rng(0))(x)


def test_clipping_just_below_and_just_above_the_limit():
    model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    for limit, expected in ((5.000001, (3, 4)), (5.0, (3, 4)), (4.999999, (3 * 4.999999 / 5, 4 * 4.999999 / 5))):
        model.dW, model.db = [[3.0]], [4.0]
        assert nn.clip_gradients(model, limit) == 5
        np.testing.assert_allclose([model.dW[0, 0], model.db[0]], expected, rtol=1e-15)


@pytest.mark.parametrize("size", [2, 10, 11, 12, 13])
@pytest.mark.parametrize("place", [0, -1])
def test_the_place_of_the_largest_number_is_kept_in_windows_of_any_size(size, place):
    """11 · 11 places fit into one byte, 12 · 12 do not."""
    x = np.zeros((1, 1, size, size))
    x[0, 0].flat[place] = 1
    pool = nn.MaxPool2d(size)
    assert pool(x).item() == 1
    np.testing.assert_array_equal(pool.backward(np.full((1, 1, 1, 1), 7.0)), 7 * x)


def test_after_the_end_of_a_translation_there_is_padding_only():
    """The shortest one has said EOS; the others go on, and it must be silent."""
    model, said = EncoderDecoder(6, 7, 2, 3, rng=np.random.default_rng(0)), []
    script = np.array([[EOS, 5, 6], [5, EOS, 5], [5, 6, EOS]])  # what each of three examples says at each step
    model.head.forward = lambda states: np.eye(7)[script[:, len(said) - 1]][:, None]
    decode = model.decoder.forward

    def watch(x, h0):
        said.append(x)
        return decode(x, h0=h0)

    model.decoder.forward = watch
    assert model.translate([[4, 5], [4, PAD], [5, 5]]).tolist() == [[EOS, PAD, PAD], [5, EOS, PAD], [5, 6, EOS]]
    np.testing.assert_array_equal(said[0][:, 0], model.target.W[[BOS] * 3])
    said.clear()
    assert model.translate([[4, 5], [4, PAD], [5, 5]], max_length=1).tolist() == [[EOS], [5], [5]]
