"""A tenant's colour in a mail, where no style sheet mends a poor contrast. WCAG 2.2 figures."""

_DARK, _LIGHT = "#111614", "#ffffff"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [(c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4) for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Between 1 and 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on `colour`."""
    return _LIGHT if contrast(colour, _LIGHT) >= contrast(colour, _DARK) else _DARK


def readable(colour: str, *, least: float = 4.5) -> str:
    """`colour`, darkened until text in it reads on white."""
    red, green, blue = _channels(colour)
    while contrast(f"#{red:02x}{green:02x}{blue:02x}", _LIGHT) < least:
        red, green, blue = int(red * 0.92), int(green * 0.92), int(blue * 0.92)
    return f"#{red:02x}{green:02x}{blue:02x}"
