"""locale.setlocale for common locales. The C library here has the plain one alone, and takes every other name for it.

What a locale changes is what glibc's would: numbers and money of `locale`, names and formats of `strftime`, `calendar` and
`strptime`. A name that is not here is refused, so that a program's own way out is taken.
"""

import locale
import os
import re
import time

#: The categories that a name is kept for, in the order that glibc lists them.
_CATEGORIES = ("LC_CTYPE", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES")
_PLAIN = ("C", "POSIX", "C.UTF-8", "C.utf8")
#: Where a restored heap begins.
_names = dict.fromkeys(_CATEGORIES, "C") | {"LC_CTYPE": "en_US.UTF-8"}
_original_strftime = time.strftime
_names_of_time = None
_DIRECTIVE = re.compile(r"%([-_0^#]*)([EO]?)([aAbBhcxXrpPZ%])")


def _row(name):
    """The table's row; None of the plain locale. locale.Error of one that is not here."""
    if name in _PLAIN:
        return None
    from .locale_rows import ROWS

    language, _, encoding = name.partition(".")
    if language not in ROWS or encoding.lower().replace("-", "") not in ("", "utf8"):
        raise locale.Error("unsupported locale setting")
    return ROWS[language]


def _wanted(category):
    for variable in ("LC_ALL", category, "LANG"):
        if os.environ.get(variable):
            return os.environ[variable]
    return "C"


def _set(category, name=None):
    """Takes the place of the C library's setlocale."""
    one = next((each for each in _CATEGORIES if getattr(locale, each) == category), None)
    if one is None and category != locale.LC_ALL:
        raise locale.Error("invalid locale category")
    names = _CATEGORIES if one is None else (one,)
    if name is not None:
        chosen = _chosen(names, name)
        for each in chosen.values():
            _row(each)
        _names.update(chosen)
        _apply()
    told = [_names[each] for each in names]
    if len(set(told)) == 1:
        return told[0]
    return ";".join(f"{each}={_names[each]}" for each in _CATEGORIES)


def _chosen(names, name):
    """Category → name. What `setlocale(LC_ALL)` told of several is taken back."""
    if "=" in name:
        several = dict(part.split("=", 1) for part in name.split(";") if "=" in part)
        return {each: several[each] for each in names if each in several}
    return {each: name or _wanted(each) for each in names}


def _apply():
    global _names_of_time
    from .locale_rows import MONEY

    facts = {}
    numbers, money, _names_of_time = (_row(_names[each]) for each in ("LC_NUMERIC", "LC_MONETARY", "LC_TIME"))
    if numbers is not None:
        point, thousands, grouping = numbers[0]
        facts.update(decimal_point=point, thousands_sep=thousands, grouping=_grouping(grouping))
    if money is not None:
        facts.update(zip(MONEY, money[1]), positive_sign="")
        facts["mon_grouping"] = _grouping(facts["mon_grouping"])
    locale._override_localeconv = facts


def _grouping(sizes):
    """As localeconv tells it: 0 repeats the last."""
    return [*sizes, 0] if sizes else []


def _strftime(format, t=None, /):
    if _names_of_time is not None:
        t = time.localtime() if t is None else t
        format = _named(format, t)
    return _original_strftime(format) if t is None else _original_strftime(format, t)


def _named(format, t):
    """The format with everything filled in that a locale says otherwise."""
    _, _, short_days, days, short_months, months, formats = _names_of_time
    both, date, clock, twelve, am, pm = formats
    # Sunday is the table's first, and Monday that of a time.
    words = {"a": (short_days, t[6] + 1), "A": (days, t[6] + 1), "b": (short_months, t[1] - 1), "B": (months, t[1] - 1)}

    def fill(match):
        flags, _, letter = match.groups()
        letter = "b" if letter == "h" else letter
        if letter in words:
            table, at = words[letter]
            text = table.split("|")
            text = text[at % len(text)]
        elif letter in "pP":
            text = pm if t[3] >= 12 else am
            text = text.lower() if letter == "P" else text
        elif letter == "Z":
            # A time without a zone has the local one; the C library here reads past such a time.
            text = getattr(t, "tm_zone", None) or time.tzname[t[8] > 0]
        elif letter == "%":
            return match[0]
        else:
            inner = {"c": both, "x": date, "X": clock, "r": twelve or "%I:%M:%S %p"}[letter]
            return _DIRECTIVE.sub(fill, inner)
        return (text.upper() if "^" in flags else text).replace("%", "%%")

    return _DIRECTIVE.sub(fill, format)


def install():
    locale._setlocale = _set
    time.strftime = _strftime
