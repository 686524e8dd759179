"""Checks of arguments that several loaders share."""

import operator


def whole_number(name, value, minimum):
    """`value` as an int, or a clear error: a TypeError for the wrong type, a ValueError below `minimum`."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}") from None
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {number}")
    return number
