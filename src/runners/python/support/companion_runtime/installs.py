"""pip install: what is here is said to be; pure wheels come from an index, where a person allowed it; all else is refused.

The index speaks PEP 691 (JSON). Every file is compared with the hash that the index names before anything of it is used,
and nothing of a package runs while it is installed: there are no builds and no scripts.
"""

import hashlib
import importlib
import io
import os
import sys
import zipfile
import zlib
from urllib.parse import urljoin, urlsplit

from . import network, packages

INDEX = "https://pypi.org/simple/"
FOLDER = "/home/pyodide/installed"
ACCEPT = "application/vnd.pypi.simple.v1+json"
#: Bounds on what one command brings in.
PACKAGES_MOST = 40
UNPACKED_MOST = 200 * 1024 * 1024
FILES_MOST = 20_000


class Refused(Exception):
    """A sentence for the person."""


def install(requirements, index=None, refuse=print):
    """Installs each requirement, with what it needs, and writes a line for each; `refuse` takes a sentence for each that was not."""
    work = _Work(index or INDEX)
    for text in requirements:
        try:
            work.add(text)
        except Refused as refusal:
            refuse(str(refusal))
        except network.NetworkOff as off:
            refuse(f"{_bare(text)} is not among the packages of this device. {off.strerror}{work.where()}")
        except network.NetworkFailed as failure:
            refuse(f"{_bare(text)} was not installed: {failure}")


def _bare(text):
    return packages.bare_name(text)


class _Work:
    def __init__(self, index):
        self.index = index if index.endswith("/") else index + "/"
        self.seen = set()

    def where(self):
        """What a person has to allow beside the host that was refused."""
        return " Its index is pypi.org; the files come from files.pythonhosted.org." if self.index == INDEX else ""

    def add(self, text):
        bare = _bare(text)
        is_here = packages.is_here_by_install_name(bare)
        if is_here and bare == text.strip():
            print(f"{bare} is already here.")
            return
        refusal = None if is_here else packages.refusal(bare)
        if refusal is not None:
            raise Refused(refusal)
        from packaging.requirements import InvalidRequirement, Requirement

        if "://" in text or text.startswith((".", "/")) or text.endswith((".whl", ".gz", ".zip")):
            raise Refused(f"{text}: only packages of an index can be installed, by their name.")
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            raise Refused(f"{text} is not the name of a package.") from None
        if requirement.marker and not _applies(requirement):
            return
        if is_here:
            print(_satisfied(requirement))
            return
        found, before = [], set(self.seen)
        try:
            self._find(requirement, found)
        except Exception:
            self.seen = before
            raise
        # Only now that everything it needs was found: half a package helps nobody.
        for name, version, wheel in found:
            try:
                wheel.unpack()
            except OSError as failure:
                raise Refused(f"{name} was not installed: {failure.strerror or failure}.") from None
            print(f"Installed {name} {version}.")

    def _find(self, requirement, found):
        from packaging.utils import canonicalize_name

        name = canonicalize_name(requirement.name)
        if name in self.seen:
            return
        if requirement.url:
            raise Refused(f"{requirement.name}: packages from an address are refused.")
        self.seen.add(name)
        if len(self.seen) > PACKAGES_MOST:
            raise Refused(f"{requirement.name} needs more than {PACKAGES_MOST} packages.")
        version, contents = self._fetch(name, requirement)
        wheel = _Wheel(name, contents)
        found.append((name, version, wheel))
        for text in wheel.needs():
            self._need(name, text, requirement.extras, found)

    def _need(self, name, text, extras, found):
        from packaging.requirements import InvalidRequirement, Requirement

        try:
            inner = Requirement(text)
        except InvalidRequirement:
            raise Refused(f"{name} was refused: it needs something that is not understood ({text[:80]}).") from None
        if inner.marker and not _applies(inner, extras):
            return
        if packages.is_here_by_install_name(inner.name):
            return
        refusal = packages.refusal(inner.name)
        if refusal is not None:
            raise Refused(f"{name} was not installed, for it needs {inner.name}. {refusal}")
        self._find(inner, found)

    def _fetch(self, name, requirement):
        page = urljoin(self.index, name + "/")
        answer = network.fetch(page, headers=[("Accept", ACCEPT)])
        if answer.status == 404:
            raise Refused(f"There is no package {name} in the index.")
        if answer.status != 200:
            raise Refused(f"{name} was not installed: the index answered {answer.status}.")
        files = _files(answer)
        found = _newest(files, requirement)
        if found is None and answer.instead_of is not None:
            raise Refused(self._not_here(requirement, files, answer.instead_of))
        if found is None:
            raise Refused(
                f"{requirement} cannot be installed here: the index has no wheel of it that is only Python"
                " (what is compiled or must be built does not run here)."
            )
        version, file = found
        hashes = file.get("hashes")
        expected = hashes.get("sha256") if isinstance(hashes, dict) else None
        if not expected:
            raise Refused(f"{name} was refused: the index names no hash for its file.")
        address = _address(page, file["url"], name)
        try:
            fetched = network.fetch(address)
        except network.NetworkOff as off:
            raise Refused(
                f"{name} {version} was not installed: the index has it, but its file comes from {urlsplit(address).hostname}. {off.strerror}"
            ) from None
        if fetched.status != 200:
            raise Refused(f"{name} was not installed: its file answered {fetched.status}.")
        if hashlib.sha256(fetched.body).hexdigest() != expected:
            raise Refused(f"{name} was refused: its file is not the one that the index names.")
        return version, fetched.body

    def _not_here(self, requirement, files, unasked):
        """Of a version that this device has not, while its index was not to be had."""
        from packaging.utils import parse_wheel_filename

        versions = ", ".join(str(parse_wheel_filename(file["filename"])[1]) for file in files)
        return (
            f"{requirement} is not among the packages of this device, which has {requirement.name} {versions}"
            f" (`pip install {requirement.name}`). {unasked.strerror or unasked}{self.where()}"
        )


def _satisfied(requirement):
    """What is said of a package that is here in a version that is asked for. Refused where that is another."""
    name, version = requirement.name, packages.version_here(requirement.name)
    if version is None and requirement.specifier:
        raise Refused(f"{requirement} was not installed: {name} is here, in a version that it does not say. {packages.to_replace(name)}")
    if version is not None and not requirement.specifier.contains(version, prereleases=True):
        raise Refused(f"{requirement} was not installed: {name} {version} is here. {packages.to_replace(name)}")
    return f"{name} {version} is already here." if version else f"{name} is already here."


def _applies(requirement, extras=()):
    return any(requirement.marker.evaluate({"extra": extra}) for extra in (extras or {""}))


def _address(page, url, name):
    try:
        return urljoin(page, url)
    except ValueError:
        raise Refused(f"{name} was refused: the index names no address for its file.") from None


def _files(answer):
    import json

    try:
        files = json.loads(answer.body)["files"]
        return [file for file in files if isinstance(file["filename"], str) and isinstance(file["url"], str)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(f"{answer.url} is no index that is understood here (it must answer with JSON, PEP 691).") from None


def _newest(files, requirement):
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename
    from packaging.version import InvalidVersion

    python = ".".join(str(part) for part in sys.version_info[:3])
    best = None
    for file in files:
        if not file["filename"].endswith(".whl") or file.get("yanked"):
            continue
        try:
            _, version, _, tags = parse_wheel_filename(file["filename"])
            needed = file.get("requires-python")
            is_python = not needed or SpecifierSet(str(needed)).contains(python)
        except (InvalidWheelFilename, InvalidVersion, InvalidSpecifier):
            continue
        is_pure = any(tag.interpreter.startswith("py3") and tag.abi == "none" and tag.platform == "any" for tag in tags)
        if is_pure and is_python and requirement.specifier.contains(version):
            if best is None or version > best[0]:
                best = (version, file)
    return best


class _Wheel:
    """The file of a package. Refused when it is none or damaged, is too large, would leave its folder or is not only Python."""

    def __init__(self, name, contents):
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(contents))
            members = [member for member in self.archive.infolist() if not member.is_dir()]
        except zipfile.BadZipFile:
            raise Refused(f"{name} was refused: its file is no wheel.") from None
        if len(members) > FILES_MOST or sum(member.file_size for member in members) > UNPACKED_MOST:
            raise Refused(f"{name} was refused: it is too large.")
        self.targets = {}
        for member in members:
            parts = member.filename.split("/")
            if member.filename.startswith("/") or "\\" in member.filename or any(part in ("", ".", "..") for part in parts):
                raise Refused(f"{name} was refused: a file of it would lie outside of its folder.")
            if parts[0].endswith(".data"):
                # Scripts, headers and data of other places are left out.
                if len(parts) < 3 or parts[1] not in ("purelib", "platlib"):
                    continue
                parts = parts[2:]
            if parts[-1].endswith((".so", ".pth", ".pyd", ".dylib")):
                raise Refused(f"{name} was refused: it is not only Python.")
            self.targets["/".join(parts)] = member
        folders = {path[:at] for path in self.targets for at, letter in enumerate(path) if letter == "/"}
        if not folders.isdisjoint(self.targets):
            raise Refused(f"{name} was refused: a file of it would lie inside of another.")
        try:
            damaged = self.archive.testzip()
        # What the reader says of a file that is cut, locked, packed in an unknown way or not what its sum says.
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
            damaged = name
        if damaged is not None:
            raise Refused(f"{name} was refused: its file is damaged.")

    def needs(self):
        """The requirements that it names."""
        from email.parser import Parser

        metadata = next((member for path, member in self.targets.items() if path.endswith(".dist-info/METADATA")), None)
        if metadata is None:
            return []
        return Parser().parsestr(self.archive.read(metadata).decode("utf-8", "replace")).get_all("Requires-Dist") or []

    def unpack(self):
        for path, member in self.targets.items():
            target = os.path.join(FOLDER, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(self.archive.read(member))
        if FOLDER not in sys.path:
            sys.path.append(FOLDER)
        importlib.invalidate_caches()


def patch_micropip(module):
    async def install_here(requirements, *_, index_urls=None, **__):
        names = [requirements] if isinstance(requirements, str) else list(requirements)
        index = index_urls if isinstance(index_urls, str) or not index_urls else list(index_urls)[0]
        refused = []
        install([str(name) for name in names], index, refused.append)
        # As the real one: what comes after counts on its packages.
        if refused:
            raise ValueError("\n".join(refused))

    module.install = install_here
