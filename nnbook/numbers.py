"""How numbers are written in pictures and widgets, as `widgets/core/numbers.js` writes them in a page."""

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def written(value, spec="g"):
    """written(-0.5, ".2f") -> "−0.50", with a true minus sign."""
    return f"{value:{spec}}".replace("-", "−")


def bracketed(value, spec="g"):
    """The same for a place within a formula: a negative number stands in brackets."""
    return f"({written(value, spec)})" if value < 0 else written(value, spec)


def lower(text):
    """lower("w12") -> "w₁₂"."""
    return str(text).translate(SUBSCRIPTS)
