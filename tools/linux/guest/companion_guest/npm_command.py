"""npm of this Linux: puts packages of the registry into node_modules, for the JavaScript engine of the conversation.

Every file is compared with the hash that the registry names. Nothing of a package runs: its scripts are named, and left.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tarfile
from urllib.parse import quote

from semantic_version import NpmSpec, Version

from . import network

REGISTRY = "https://registry.npmjs.org"
ACCEPT = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8"
PACKAGES_MOST = 200
UNPACKED_MOST = 200 * 1024 * 1024
SCRIPTS = ("preinstall", "install", "postinstall")
NAME = re.compile(r"(@[A-Za-z0-9~-][A-Za-z0-9._~-]*/)?[A-Za-z0-9_~-][A-Za-z0-9._~-]*\Z")
USAGE = """Usage: npm install [-D] [--no-save] [--registry ADDRESS] [PACKAGE[@RANGE]...]
       npm uninstall PACKAGE... | npm ls | npm init
The npm of this Linux puts packages into node_modules; scripts run neither of packages nor of package.json."""
NO_NODE = "npm {}: there is no Node in this Linux. Run the program as JavaScript, not as a shell command: it has the same files."
RUNS = {"run", "run-script", "start", "test", "t", "exec", "x", "create", "rebuild"}
SILENT = {"--silent", "-s", "-y", "--yes", "--save", "-S", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"}
SILENT |= {"--no-progress", "--quiet", "--force", "-f", "--save-prod", "-P", "--prefer-offline"}


class Refused(Exception):
    """A sentence for the person."""


def main(arguments=None):
    words = sys.argv[1:] if arguments is None else arguments
    command, rest = (words[0], words[1:]) if words else ("help", [])
    commands = {"install": install, "i": install, "add": install, "ci": install, "uninstall": uninstall, "rm": uninstall}
    commands |= {"remove": uninstall, "ls": listing, "list": listing, "init": init}
    if command in ("help", "-h", "--help"):
        print(USAGE)
        return 0
    if command in RUNS:
        print(NO_NODE.format(command), file=sys.stderr)
        return 127
    try:
        if command not in commands:
            raise Refused(f"npm {command} is not here.\n{USAGE}")
        return commands[command](rest)
    except network.NetworkOff as off:
        print(f"npm: {off.strerror} Packages come from registry.npmjs.org.", file=sys.stderr)
    except (Refused, network.NetworkFailed, OSError) as error:
        print(f"npm: {error}", file=sys.stderr)
    return 1


def install(words):
    registry, kind, saves, wanted = REGISTRY, "dependencies", True, []
    words = iter(words)
    for word in words:
        option, _, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if option == "--registry":
            registry = (value or next(words, "")).rstrip("/")
        elif option in ("-D", "--save-dev"):
            kind = "devDependencies"
        elif option == "--no-save":
            saves = False
        elif option in ("-g", "--global"):
            raise Refused("packages are installed into the folder of a project only; without Node no command of theirs runs.")
        elif option in SILENT:
            continue
        elif word.startswith("-"):
            raise Refused(f"the option {word} is not here.\n{USAGE}")
        else:
            wanted.append(_named(word))
    manifest = _manifest()
    tree = _Tree(registry)
    given = wanted or [*manifest.get("dependencies", {}).items(), *manifest.get("devDependencies", {}).items()]
    for name, wish in given:
        found = tree.add(name, wish, [])
        if wanted and saves:
            manifest.setdefault(kind, {})[name] = wish if wish[:1] in "^~<>=" and wish else f"^{found['version']}"
    count = tree.write()
    if wanted and saves:
        _write_manifest(manifest)
    for name, script in tree.scripts:
        print(f"{name}: its {script} script was not run: scripts of packages do not run here.", file=sys.stderr)
    print(f"added {count} package{'' if count == 1 else 's'}")
    return 0


def _named(word):
    at = word.find("@", 1)
    name, wish = (word, "") if at < 0 else (word[:at], word[at + 1 :])
    if not NAME.match(name):
        raise Refused(f"{word}: only packages of the registry can be installed, by their name.")
    return name, wish


class _Tree:
    """What goes into node_modules: a package beside others, or inside of the one that needs another version of it."""

    def __init__(self, registry):
        self.registry = registry
        #: Path below node_modules → what the registry says of that version.
        self.placed = {}
        self.scripts = []
        self._documents = {}

    def add(self, name, wish, inside):
        """Places a package where those above (`inside`, outermost first) find it, with what it needs; gives its version's row."""
        if wish.startswith("npm:"):
            name, wish = _named(wish[4:])
        if not NAME.match(name):
            raise Refused(f"{name[:80]} is not the name of a package.")
        spec = _spec(name, wish)
        for depth in range(len(inside), -1, -1):
            found = self.placed.get(_path([*inside[:depth], name]))
            if found is None:
                continue
            if spec is None or spec.match(Version(found["version"])):
                return found
            break
        row = self._row(name, wish, spec)
        place = next(at for at in range(len(inside) + 1) if _path([*inside[:at], name]) not in self.placed)
        self.placed[_path([*inside[:place], name])] = row
        if len(self.placed) > PACKAGES_MOST:
            raise Refused(f"more than {PACKAGES_MOST} packages are needed.")
        optional = row.get("peerDependenciesMeta", {})
        peers = {one: wish for one, wish in row.get("peerDependencies", {}).items() if not optional.get(one, {}).get("optional")}
        left_out = row.get("optionalDependencies", {})
        for needed, wish in {**peers, **row.get("dependencies", {})}.items():
            if needed not in left_out:
                self.add(needed, wish, [*inside[:place], name])
        return row

    def _row(self, name, wish, spec):
        """The version that npm would take: the one called latest where it fits, else the highest that does."""
        tagged = self._ask(name, wish if spec is None else "latest")
        if tagged is not None and (spec is None or spec.match(Version(tagged["version"]))):
            return tagged
        if spec is None:
            raise Refused(f"there is no {name}@{wish or 'latest'} in the registry.")
        document = self._ask(name, None)
        if document is None:
            raise Refused(f"there is no package {name} in the registry.")
        versions = document["versions"]
        best = spec.select(_version(text) for text in versions if _version(text))
        if best is None:
            raise Refused(f"no version of {name} is {wish}.")
        return versions[str(best)]

    def _ask(self, name, version):
        key = (name, version)
        if key not in self._documents:
            address = f"{self.registry}/{quote(name, safe='@')}" + (f"/{quote(version)}" if version else "")
            answer = network.fetch(address, headers=[("Accept", "application/json" if version else ACCEPT)])
            if answer.status not in (200, 404):
                raise Refused(f"the registry answered {answer.status} for {name}.")
            try:
                self._documents[key] = json.loads(answer.body) if answer.status == 200 else None
            except (ValueError, RecursionError):
                raise Refused(f"what the registry says of {name} is not understood.") from None
        return self._documents[key]

    def write(self):
        """Everything is fetched and looked at before anything is written: half a tree helps nobody."""
        contents = [(path, row, _unpacked(path, row)) for path, row in self.placed.items()]
        for path, row, files in contents:
            own = json.loads(files.get("package.json", b"{}")).get("scripts", {})
            self.scripts += [(row["name"], script) for script in SCRIPTS if script in own][:1]
            folder = os.path.join("node_modules", path)
            shutil.rmtree(folder, ignore_errors=True)
            for name, content in files.items():
                target = os.path.join(folder, name)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as file:
                    file.write(content)
        return len(contents)


def _path(names):
    return "/node_modules/".join(names)


def _spec(name, wish):
    """None for a tag."""
    if ":" in wish or "/" in wish:
        raise Refused(f"{name} was refused: only packages of the registry can be installed ({wish}).")
    if wish and wish[0].isalpha() and wish[0] not in "vxX":
        return None
    try:
        return NpmSpec(wish.replace("||", " || ").strip() or "*")
    except ValueError:
        raise Refused(f"{name}: {wish} is no range of versions that is understood here.") from None


def _version(text):
    try:
        return Version(text)
    except ValueError:
        return None


def _unpacked(path, row):
    """The files of a package, compared with the registry's hash."""
    dist = row.get("dist", {})
    expected = next((one for one in str(dist.get("integrity", "")).split() if one.startswith("sha512-")), None)
    if expected is None:
        raise Refused(f"{path} was refused: the registry names no hash for its file.")
    answer = network.fetch(dist["tarball"])
    if answer.status != 200:
        raise Refused(f"{path} was not installed: its file answered {answer.status}.")
    if base64.b64encode(hashlib.sha512(answer.body).digest()).decode() != expected.removeprefix("sha512-").split("?")[0]:
        raise Refused(f"{path} was refused: its file is not the one that the registry names.")
    files, left = {}, UNPACKED_MOST
    try:
        with tarfile.open(fileobj=io.BytesIO(answer.body), mode="r:gz") as archive:
            for member in archive:
                name = member.name.partition("/")[2]
                if not member.isfile() or name == "":
                    continue
                left -= member.size
                if left < 0 or any(part in ("", ".", "..") for part in name.split("/")):
                    raise Refused(f"{path} was refused: it is too large, or a file of it would lie outside of its folder.")
                files[name] = archive.extractfile(member).read()
    except (tarfile.TarError, EOFError, OSError):
        raise Refused(f"{path} was refused: its file is damaged.") from None
    return files


def _manifest():
    try:
        with open("package.json") as file:
            read = json.load(file)
    except FileNotFoundError:
        return {}
    except ValueError:
        raise Refused("package.json is not understood.") from None
    if not isinstance(read, dict):
        raise Refused("package.json is not understood.")
    return read


def _write_manifest(manifest):
    for kind in ("dependencies", "devDependencies"):
        if kind in manifest:
            manifest[kind] = dict(sorted(manifest[kind].items()))
    with open("package.json", "w") as file:
        file.write(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def uninstall(words):
    manifest = _manifest()
    for name in (word for word in words if not word.startswith("-")):
        folder = os.path.join("node_modules", _named(name)[0])
        if not os.path.isdir(folder):
            raise Refused(f"{name} is not installed here.")
        shutil.rmtree(folder)
        for kind in ("dependencies", "devDependencies"):
            manifest.get(kind, {}).pop(name, None)
        print(f"removed {name}")
    _write_manifest(manifest)
    return 0


def listing(_):
    for folder in sorted(os.listdir("node_modules")) if os.path.isdir("node_modules") else []:
        inner = sorted(os.listdir(os.path.join("node_modules", folder))) if folder.startswith("@") else [""]
        for name in (f"{folder}/{one}".rstrip("/") for one in inner):
            with open(os.path.join("node_modules", name, "package.json")) as file:
                print(f"{name}@{json.load(file).get('version', '?')}")
    return 0


def init(_):
    manifest = _manifest()
    manifest.setdefault("name", os.path.basename(os.getcwd()) or "project")
    manifest.setdefault("version", "1.0.0")
    _write_manifest(manifest)
    print("Wrote package.json.")
    return 0
