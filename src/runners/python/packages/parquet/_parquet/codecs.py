"""How pages are compressed."""

import zlib

from . import zstandard
from .copies import repeat

NONE, SNAPPY, GZIP, LZO, BROTLI, LZ4, ZSTD, LZ4_RAW = range(8)
_NAMES = {LZO: "LZO", BROTLI: "Brotli", LZ4: "LZ4 in Hadoop's frames"}


def inflate(codec, data, size):
    """The `size` bytes of a page. Raises ValueError for what is damaged, NotImplementedError for a codec that is not here."""
    if codec == NONE:
        return data
    if codec == GZIP:
        whole = zlib.decompressobj(31).decompress(data, size)
    elif codec == SNAPPY:
        whole = _snappy(data, size)
    elif codec == ZSTD:
        whole = zstandard.inflate(data, size)
    elif codec == LZ4_RAW:
        whole = _lz4(data, size)
    else:
        name = _NAMES.get(codec, f"codec {codec}")
        raise NotImplementedError(f"this Parquet file is compressed with {name}, which is not read here: save it with snappy, gzip or no compression")
    if len(whole) != size:
        raise ValueError("a page of the Parquet file is damaged")
    return whole


def deflate(codec, data):
    if codec == NONE:
        return data
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def _snappy(data, size):
    """https://github.com/google/snappy/blob/main/format_description.txt"""
    out = bytearray()
    at = 0
    while data[at] & 0x80:
        at += 1
    at += 1
    end = len(data)
    while at < end:
        tag = data[at]
        at += 1
        kind = tag & 3
        if kind == 0:
            length = tag >> 2
            if length >= 60:
                wide = length - 59
                length = int.from_bytes(data[at : at + wide], "little")
                at += wide
            length += 1
            out += data[at : at + length]
            at += length
            continue
        wide = (0, 1, 2, 4)[kind]
        offset = int.from_bytes(data[at : at + wide], "little")
        at += wide
        if kind == 1:
            length, offset = (tag >> 2 & 7) + 4, offset | (tag & 0xE0) << 3
        else:
            length = (tag >> 2) + 1
        repeat(out, offset, length, size)
    return bytes(out)


def _lz4(data, size):
    """https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md"""
    out = bytearray()
    at, end = 0, len(data)
    while at < end:
        token = data[at]
        at += 1
        length, at = _lz4_length(data, at, token >> 4)
        out += data[at : at + length]
        at += length
        if at >= end:
            break
        offset = int.from_bytes(data[at : at + 2], "little")
        length, at = _lz4_length(data, at + 2, token & 15)
        repeat(out, offset, length + 4, size)
    return bytes(out)


def _lz4_length(data, at, length):
    if length == 15:
        while True:
            more = data[at]
            at += 1
            length += more
            if more != 255:
                break
    return length, at
