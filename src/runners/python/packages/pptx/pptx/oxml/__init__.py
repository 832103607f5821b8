"""XML of Office Open XML (ECMA-376): names, and elements made of short texts."""

from lxml import etree

NAMES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items() if prefix in "aprc")
_PARSER = etree.XMLParser(remove_blank_text=False, resolve_entities=False, no_network=True)


def qn(name):
    """`a:p` as lxml has it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def parse_xml(text):
    return etree.fromstring(text.encode() if isinstance(text, str) else text, _PARSER)


def made(text):
    """An element of a text that declares no names, such as `<a:p/>`."""
    head, mark, rest = text.partition(">")
    end = "/" if head.endswith("/") else ""
    element = parse_xml(f"{head.removesuffix('/')} {_DECLARED}{end}{mark}{rest}")
    etree.cleanup_namespaces(element)
    return element


def child(parent, name, order=(), make=True):
    """
    The first child of a name; made where there is none. `order` are the names of those that the schema has before it, as the
    place among others is prescribed.
    """
    found = parent.find(qn(name))
    if found is None and make:
        found = parent.makeelement(qn(name), nsmap=None)
        before = {qn(one) for one in order}
        at = 0
        for place, one in enumerate(parent):
            if one.tag in before:
                at = place + 1
        parent.insert(at, found)
    return found


def drop(parent, *names):
    for name in names:
        for one in parent.findall(qn(name)):
            parent.remove(one)


def OxmlElement(name):
    prefix = name.partition(":")[0]
    return etree.Element(qn(name), nsmap={prefix: NAMES[prefix]})
