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
        print(f"npm: {off.strerror} Packages come from registry.npmjs.org; none lies in the extension.", file=sys.stderr)
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
        found = tree.add(name, wish, [], is_asked=bool(wanted))
        if wanted and saves:
            manifest.setdefault(kind, {})[name] = wish if wish[:1] in "^~<>=" and wish else f"^{found['version']}"
    tree.settle()
    tree.keep_others_whole()
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
        #: Path below node_modules → what the package.json says that lies there already.
        self.present = _present("node_modules", ())
        #: Path below node_modules → what the registry says of that version.
        self.placed = {}
        self.scripts = []
        self._documents = {}
        self._complete_ones = set()
        #: Name, wish and place of what is needed and was not looked for yet.
        self._waiting = []

    def add(self, name, wish, inside, is_asked=False):
        """
        Places a package where those above (`inside`, outermost first) find it; gives its version's row. One that was asked
        for is taken as the registry has it now, in the place of what lies there.
        """
        if wish.startswith("npm:"):
            name, wish = _named(wish[4:])
        if not NAME.match(name):
            raise Refused(f"{name[:80]} is not the name of a package.")
        spec = _spec(name, wish)
        among = self.placed if is_asked else {**self.present, **self.placed}
        found = _found(name, inside, among)
        if found in self.present and _fits(self.present[found], spec):
            self._complete(found)
            return self.present[found]
        if found is not None and _fits(among[found], spec):
            return among[found]
        row = self._row(name, wish, spec)
        # What lies in the project's own folder makes room for what the project asks for.
        taken = among if inside else self.placed
        place = next((at for at in range(len(inside) + 1) if _path([*inside[:at], name]) not in taken), None)
        if place is None:
            raise Refused(f"two versions of {name} are asked for, and there is one place for them.")
        path = _path([*inside[:place], name])
        self.placed[path] = row
        # What lay there goes, with what lay inside of it.
        for gone in [one for one in self.present if one == path or one.startswith(f"{path}/node_modules/")]:
            del self.present[gone]
        if len(self.placed) > PACKAGES_MOST:
            raise Refused(f"more than {PACKAGES_MOST} packages are needed.")
        optional = row.get("peerDependenciesMeta", {})
        peers = {one: wish for one, wish in row.get("peerDependencies", {}).items() if not optional.get(one, {}).get("optional")}
        left_out = row.get("optionalDependencies", {})
        for needed, wish in {**peers, **row.get("dependencies", {})}.items():
            if needed not in left_out:
                self._waiting.append((needed, wish, [*inside[:place], name]))
        return row

    def settle(self):
        """Places what those need that were added. After them, so that none of it lies where one of them is to lie."""
        while self._waiting:
            self.add(*self._waiting.pop(0))

    def _complete(self, path):
        """What lies here already has what it needs."""
        if path in self._complete_ones:
            return
        self._complete_ones.add(path)
        row = self.present[path]
        left_out = row.get("optionalDependencies", {})
        for name, wish in row["dependencies"].items():
            if name not in left_out:
                self._waiting.append((name, wish, path.split("/node_modules/")))

    def keep_others_whole(self):
        """Those that lie here and found a version in what was replaced get it again, inside of them."""
        before = _present("node_modules", ())
        for path, row in list(self.present.items()):
            inside = path.split("/node_modules/")
            now = {**self.present, **self.placed}
            for name, wish in row["dependencies"].items():
                spec = _spec_or_none(name, wish)
                had, has = _found(name, inside, before), _found(name, inside, now)
                if had is not None and _fits(before[had], spec) and (has is None or not _fits(now[has], spec)):
                    self._waiting.append((name, wish, inside))
        self.settle()

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
        contents = [(path, row, _unpacked(path, row)) for path, row in sorted(self.placed.items())]
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


def _found(name, inside, among):
    """Where the package lies that one gets which asks for this name; None where there is none."""
    places = (_path([*inside[:depth], name]) for depth in range(len(inside), -1, -1))
    return next((place for place in places if place in among), None)


def _present(folder, inside):
    """Packages that lie in a folder of such: path → their package.json. What has none that can be read is no package."""
    found = {}
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for scope in (name for name in names if name.startswith("@")):
        names += [f"{scope}/{name}" for name in sorted(os.listdir(os.path.join(folder, scope)))]
    for name in (name for name in names if NAME.match(name)):
        try:
            with open(os.path.join(folder, name, "package.json")) as file:
                row = json.load(file)
            Version(row["version"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        needs = row.get("dependencies")
        row["dependencies"] = {one: wish for one, wish in needs.items() if isinstance(wish, str)} if isinstance(needs, dict) else {}
        found[_path([*inside, name])] = row
        found |= _present(os.path.join(folder, name, "node_modules"), (*inside, name))
    return found


def _fits(row, spec):
    return spec is None or spec.match(Version(row["version"]))


def _spec_or_none(name, wish):
    """Of what lies here already: a wish that is not understood is met by what it has."""
    try:
        return _spec(name, wish)
    except Refused:
        return None


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
        needs = _who_needs(name)
        if needs is None:
            shutil.rmtree(folder)
        for kind in ("dependencies", "devDependencies"):
            manifest.get(kind, {}).pop(name, None)
        print(f"removed {name}" if needs is None else f"{name} stays in node_modules: {needs} needs it")
    _write_manifest(manifest)
    return 0


def _who_needs(name):
    """A package that lies here and finds what it needs in this one of the project; None where there is none."""
    present = _present("node_modules", ())
    for path, row in present.items():
        inside = path.split("/node_modules/")
        if name in row["dependencies"] and inside[0] != name and _found(name, inside, present) == name:
            return inside[-1]
    return None


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
