"""HTML as text, for where only text can go: the message to ChatGPT, a copy."""

import re
from html.parser import HTMLParser

_UNSEEN = ("script", "style", "template", "title")
_LINES = ("p", "div", "br", "hr", "tr", "li", "ul", "ol", "dl", "dt", "dd", "table", "caption", "pre", "section", "h1", "h2", "h3", "h4", "h5", "h6")


class _Text(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts = []
        self._unseen = 0

    def handle_starttag(self, tag, attrs):
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _LINES:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag):
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _LINES:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def of_html(html):
    """The words of an HTML text: a line a block, cells of a table apart by tabs."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r" *\t *", "\t", line).strip(" \n") for line in "".join(reader.parts).split("\n"))
    return "\n".join(line.removeprefix("\t") for line in lines if line.strip())
