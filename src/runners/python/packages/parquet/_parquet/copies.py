"""What codecs have in common: bytes that were there before are said again."""


def repeat(out, offset, length, size):
    """Adds `length` bytes to `out` that begin `offset` before its end; raises ValueError where it would be longer than `size`."""
    start = len(out) - offset
    if offset == 0 or start < 0 or len(out) + length > size:
        raise ValueError("a page of the Parquet file is damaged")
    if offset >= length:
        out += out[start : start + length]
    else:
        out += (bytes(out[start:]) * (length // offset + 1))[:length]
