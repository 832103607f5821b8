"""Names of elements."""

from . import NAMES as nsmap, qn  # noqa: F401


def nsdecls(*prefixes):
    return " ".join(f'xmlns:{prefix}="{nsmap[prefix]}"' for prefix in prefixes)
