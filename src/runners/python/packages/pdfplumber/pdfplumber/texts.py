"""Letters put together to words and lines."""

X_TOLERANCE = Y_TOLERANCE = 3
_X_DENSITY, _Y_DENSITY = 7.25, 13


def clusters(things, key, tolerance):
    """Groups of things whose values are no farther from the next one than `tolerance`, in the order of the values."""
    groups = []
    for one in sorted(things, key=key):
        if groups and key(one) <= key(groups[-1][-1]) + tolerance:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def box_of(things):
    """What stands around all of them."""
    return {"x0": min(one["x0"] for one in things), "x1": max(one["x1"] for one in things), "top": min(one["top"] for one in things), "bottom": max(one["bottom"] for one in things)}


def words_of(chars, x_tolerance=X_TOLERANCE, y_tolerance=Y_TOLERANCE, keep_blank_chars=False, use_text_flow=False, extra_attrs=None, return_chars=False, x_tolerance_ratio=None, **options):
    """Words: letters of a line with no blank and no gap wider than `x_tolerance` between them, and alike in `extra_attrs`."""
    extra = list(extra_attrs or [])
    lines = [chars] if use_text_flow else [sorted(line, key=lambda one: one["x0"]) for line in clusters(chars, lambda one: one["top"], y_tolerance)]
    found = []
    for line in lines:
        word = []
        for one in line:
            is_blank = one["text"].isspace() and not keep_blank_chars
            if word and (is_blank or _begins(word[-1], one, x_tolerance if x_tolerance_ratio is None else x_tolerance_ratio * word[-1]["size"], y_tolerance, extra)):
                found.append(_word(word, extra, return_chars))
                word = []
            if not is_blank:
                word.append(one)
        if word:
            found.append(_word(word, extra, return_chars))
    return found


def _begins(last, one, x_tolerance, y_tolerance, extra):
    has_gap = one["x0"] < last["x0"] or one["x0"] > last["x1"] + x_tolerance or abs(one["top"] - last["top"]) > y_tolerance
    return has_gap or one["upright"] != last["upright"] or any(one.get(name) != last.get(name) for name in extra)


_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


def _word(chars, extra, return_chars):
    box = box_of(chars)
    text = "".join(_LIGATURES.get(one["text"], one["text"]) for one in chars)
    facts = {"text": text, "x0": box["x0"], "x1": box["x1"], "top": box["top"], "doctop": min(one["doctop"] for one in chars), "bottom": box["bottom"], "upright": chars[0]["upright"]}
    facts |= {"height": box["bottom"] - box["top"], "width": box["x1"] - box["x0"], "direction": "ltr", **{name: chars[0].get(name) for name in extra}}
    return facts | ({"chars": chars} if return_chars else {})


def text_of(chars, x_tolerance=X_TOLERANCE, y_tolerance=Y_TOLERANCE, **options):
    words = words_of(chars, x_tolerance, y_tolerance, **options)
    return "\n".join(" ".join(word["text"] for word in line) for line in clusters(words, lambda one: one["top"], y_tolerance))


def lines_of(chars, x_tolerance=X_TOLERANCE, y_tolerance=Y_TOLERANCE, **options):
    words = words_of(chars, x_tolerance, y_tolerance, return_chars=True)
    found = []
    for line in clusters(words, lambda one: one["top"], y_tolerance):
        letters = [one for word in line for one in word["chars"]]
        found.append({"text": " ".join(word["text"] for word in line), **box_of(line), "chars": letters, "words": line})
    return found


def found_in(line, pattern):
    """Matches in a line as dicts: their letters are found by how many that are no blanks stand before them."""
    for match in pattern.finditer(line["text"]):
        if not match.group().strip():
            continue
        # A ligature is one letter of the page and several of the text.
        places = [at for at, one in enumerate(line["chars"]) for _ in _LIGATURES.get(one["text"], one["text"]).replace(" ", "")]
        start, end = (len(line["text"][:place].replace(" ", "")) for place in match.span())
        letters = [line["chars"][at] for at in dict.fromkeys(places[start:end])]
        yield {"text": match.group(), "groups": match.groups(), **box_of(letters), "chars": letters}


def laid_out(page, x_tolerance, y_tolerance, x_density=_X_DENSITY, y_density=_Y_DENSITY, **options):
    """Text with spaces for the gaps: a letter takes `x_density` points, a line `y_density`."""
    left, high = page.bbox[:2]
    lines = []
    for line in clusters(words_of(page.chars, x_tolerance, y_tolerance), lambda one: one["top"], y_tolerance):
        lines += [""] * (round((line[0]["top"] - high) / y_density) - len(lines))
        text = ""
        for word in line:
            gap = round((word["x0"] - left) / x_density) - len(text)
            text += " " * max(gap, min(1, len(text))) + word["text"]
        lines.append(text)
    return "\n".join(lines)
