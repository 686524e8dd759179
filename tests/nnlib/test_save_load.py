"""Saved weights: whole or not there; whatever is wrong with a file, the model stays as it was."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

import nnlib as nn
from nnlib import storage


def make(seed=0, hidden=4):
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(3, hidden, rng=rng), nn.Tanh(), nn.GRU(hidden, 2, rng=rng))


def weights(model):
    return {name: value.copy() for name, value, _ in model.parameters()}


def equal(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


@pytest.fixture
def saved(tmp_path):
    make(0).save(tmp_path / "model.npz")
    return tmp_path / "model.npz"


def test_what_was_saved_is_loaded(saved):
    model = make(1)
    arrays = [value for _, value, _ in model.parameters()]
    assert not equal(weights(model), weights(make(0)))
    assert model.load(str(saved)) is model
    assert equal(weights(model), weights(make(0)))
    assert all(a is b for a, (_, b, _) in zip(arrays, model.parameters(), strict=True))  # optimizers keep working
    x = np.ones((2, 5, 3))
    np.testing.assert_array_equal(model.forward(x), make(0).forward(x))


def test_a_file_is_plain_arrays_and_keeps_dtype(saved):
    with np.load(saved, allow_pickle=False) as file:
        assert sorted(file.files) == ["0.W", "0.b", "2.U", "2.W", "2.b"]
        np.testing.assert_array_equal(file["0.W"], make(0)[0].W)
    model = make(1).astype(np.float32).load(saved)
    assert model[0].W.dtype == np.float32
    np.testing.assert_array_equal(model[0].W, make(0)[0].W.astype(np.float32))


def test_a_file_may_hold_half_the_digits(tmp_path):
    make(0).save(tmp_path / "half.npz", dtype=np.float16)
    with np.load(tmp_path / "half.npz") as file:
        assert {file[name].dtype for name in file.files} == {np.dtype(np.float16)}
    model = make(1).load(tmp_path / "half.npz")
    assert model[0].W.dtype == float
    np.testing.assert_array_equal(model[0].W, make(0)[0].W.astype(np.float16))


def test_shared_weights_stay_shared(tmp_path):
    import copy

    first = nn.Linear(2, 2, rng=np.random.default_rng(0))
    model = nn.Sequential(first, copy.copy(first))
    model.save(tmp_path / "m.npz")
    expected = first.W.copy()
    first.W += 1
    model.load(tmp_path / "m.npz")
    assert model[0].W is model[1].W and np.array_equal(first.W, expected)


def damaged(path):
    """Name -> contents of a file that must be refused."""
    whole = path.read_bytes()
    arrays = dict(np.load(path))

    def npz(**changed):
        buffer = io.BytesIO()
        np.savez(buffer, **{name: a for name, a in (arrays | changed).items() if a is not None})
        return buffer.getvalue()

    def with_member(name, content):
        buffer = io.BytesIO(whole)
        with zipfile.ZipFile(buffer, "a") as file:
            file.writestr(name, content)
        return buffer.getvalue()

    array_file, objects = io.BytesIO(), io.BytesIO()
    np.save(array_file, np.ones(3))
    np.savez(objects, **{**arrays, "0.W": np.array([{"a": 1}, None], dtype=object)})
    middle = len(whole) // 2
    return {
        "empty": b"",
        "truncated at the end": whole[:-30],
        "truncated in the middle": whole[:middle],
        "text": b"these are no weights",
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "a pickle": pickle.dumps(arrays),
        "one array, not an npz": array_file.getvalue(),
        "an npz of another kind": npz(**dict.fromkeys(arrays), spam=np.ones(3)),
        "pickled objects inside": objects.getvalue(),
        "a member that is no array": with_member("note.txt", "hello"),
        "one name missing": npz(**{"0.b": None}),
        "one name too many": npz(**{"3.W": np.ones(3)}),
        "wrong shape": npz(**{"0.W": np.ones((4, 2))}),
        "shape that would broadcast": npz(**{"0.W": np.ones((1, 3))}),
        "a number instead of an array": npz(**{"0.b": np.float64(1)}),
        "integers": npz(**{"0.b": np.ones(4, int)}),
        "complex numbers": npz(**{"0.b": np.ones(4, complex)}),
        "text inside": npz(**{"0.b": np.array(list("abcd"))}),
        "NaN": npz(**{"2.b": np.full(6, np.nan)}),
    }


def test_a_damaged_or_foreign_file_is_refused_and_the_model_stays(saved, tmp_path):
    path, model = tmp_path / "damaged.npz", make(1)
    before = weights(model)
    for kind, content in damaged(saved).items():
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"damaged\.npz"):
            model.load(path)
            pytest.fail(f"accepted: {kind}")
        assert equal(weights(model), before), kind


def test_a_flipped_byte_is_noticed_or_harmless(saved, tmp_path):
    """Wherever it lies: the weights are the right ones, or the file is refused and the model stays as it was."""
    whole, right, path, refused = saved.read_bytes(), weights(make(0)), tmp_path / "flipped.npz", 0
    for at in range(0, len(whole), 11):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        model = make(1)
        before = weights(model)
        try:
            model.load(path)
            assert equal(weights(model), right), at
        except ValueError:
            refused += 1
            assert equal(weights(model), before), at
    assert refused > 50


def test_weights_of_another_architecture_are_refused(saved):
    model = make(1, hidden=5)
    before = weights(model)
    with pytest.raises(ValueError, match=r"not fit: 0\.W must be floats of shape \(5, 3\), got float64 of .*\(4, 3\)"):
        model.load(saved)
    other = nn.Linear(3, 4, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"another model: missing \['W', 'b'\], not known here \['0.W', "):
        other.load(saved)
    assert equal(weights(model), before)


def test_a_missing_file_is_told_as_such(tmp_path):
    with pytest.raises(FileNotFoundError):
        make().load(tmp_path / "nothing.npz")


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_save_never_leaves_half_a_file(saved, monkeypatch, error):
    before = saved.read_bytes()

    def half(file, array, allow_pickle):
        file.write(before[:100])
        raise error

    monkeypatch.setattr(storage.npy, "write_array", half)
    with pytest.raises(type(error)):
        make(1).save(saved)
    with pytest.raises(type(error)):
        make(1).save(saved.with_name("new.npz"))
    assert saved.read_bytes() == before and os.listdir(saved.parent) == ["model.npz"]


def test_save_into_a_missing_folder_fails_clearly(tmp_path):
    with pytest.raises(FileNotFoundError):
        make().save(tmp_path / "nowhere" / "model.npz")
