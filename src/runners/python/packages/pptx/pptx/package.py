"""The zip that a file is: parts by their names, and how each refers to others."""

import posixpath
import zipfile

from lxml import etree

from .exc import PackageNotFoundError
from .oxml import parse_xml

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_DEFAULTS = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}


class Relation:
    def __init__(self, kind, target, is_external):
        self.kind, self.target, self.is_external = kind, target, is_external


class Part:
    """One file of the package: its bytes, or the root of its XML. `relations` are by their ids; targets are parts, or addresses."""

    def __init__(self, name, content_type, blob=None, root=None):
        self.name, self.content_type, self.blob, self.root = name, content_type, blob, root
        self.relations = {}

    def relate(self, kind, target, is_external=False):
        kind = kind if "://" in kind else OFFICE + kind
        for key, one in self.relations.items():
            if one.kind == kind and one.target is target or (is_external and one.kind == kind and one.target == target):
                return key
        number = 1
        while f"rId{number}" in self.relations:
            number += 1
        self.relations[f"rId{number}"] = Relation(kind, target, is_external)
        return f"rId{number}"

    def related(self, kind):
        return [one.target for one in self.relations.values() if one.kind == OFFICE + kind]

    def target_of(self, key):
        one = self.relations.get(key)
        return None if one is None else one.target

    def link_to(self, address):
        return self.relate("hyperlink", address, is_external=True)


class Package:
    """All parts that are reached from the root."""

    def __init__(self):
        self.root = Part("", "")

    def parts(self):
        found, waiting = [], [self.root]
        while waiting:
            for relation in waiting.pop(0).relations.values():
                if not relation.is_external and relation.target not in found:
                    found.append(relation.target)
                    waiting.append(relation.target)
        return found

    def free_name(self, pattern):
        """The first name that no part has, of a pattern such as `/ppt/slides/slide%d.xml`."""
        taken, number = {part.name for part in self.parts()}, 1
        while pattern % number in taken:
            number += 1
        return pattern % number

    @classmethod
    def read(cls, file):
        try:
            archive = zipfile.ZipFile(file)
        except zipfile.BadZipFile:
            raise PackageNotFoundError(f"Package not found at '{file}': it is no PowerPoint file of 2007 or later") from None
        with archive:
            files = {"/" + name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        package = cls()
        types = parse_xml(files["/[Content_Types].xml"])
        overrides = {one.get("PartName").lower(): one.get("ContentType") for one in types.iter(f"{{{_TYPES}}}Override")}
        defaults = {one.get("Extension").lower(): one.get("ContentType") for one in types.iter(f"{{{_TYPES}}}Default")}
        known = {}

        def load(part):
            folder, base = posixpath.split(part.name)
            relations = files.get(posixpath.join(folder, "_rels", base + ".rels") if part.name else "/_rels/.rels")
            for one in parse_xml(relations) if relations else ():
                external = one.get("TargetMode") == "External"
                target = one.get("Target")
                if not external:
                    target = made(posixpath.normpath(posixpath.join(folder or "/", target)))
                if target is not None:
                    part.relations[one.get("Id")] = Relation(one.get("Type"), target, external)

        def made(name):
            if name not in known and name in files:
                kind = overrides.get(name.lower()) or defaults.get(posixpath.splitext(name)[1][1:].lower(), "application/octet-stream")
                is_xml = kind.endswith("+xml")
                known[name] = Part(name, kind, None if is_xml else files[name], parse_xml(files[name]) if is_xml else None)
                load(known[name])
            return known.get(name)

        load(package.root)
        return package

    def write(self, file):
        parts = self.parts()
        types = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
        extensions = {**_DEFAULTS, **{posixpath.splitext(part.name)[1][1:].lower(): part.content_type for part in parts if part.root is None}}
        for extension, kind in sorted(extensions.items()):
            etree.SubElement(types, f"{{{_TYPES}}}Default", Extension=extension, ContentType=kind)
        for part in parts:
            if part.root is not None:
                etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=part.name, ContentType=part.content_type)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", _text(types))
            self._write_relations(archive, self.root)
            for part in parts:
                archive.writestr(part.name[1:], part.blob if part.root is None else _text(part.root))
                self._write_relations(archive, part)

    @staticmethod
    def _write_relations(archive, part):
        if not part.relations:
            return
        folder, base = posixpath.split(part.name)
        root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
        for key, one in part.relations.items():
            facts = {"Id": key, "Type": one.kind, "Target": one.target if one.is_external else posixpath.relpath(one.target.name, folder or "/")}
            etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", facts | ({"TargetMode": "External"} if one.is_external else {}))
        archive.writestr(posixpath.join(folder, "_rels", base + ".rels")[1:] if part.name else "_rels/.rels", _text(root))


def _text(root):
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
