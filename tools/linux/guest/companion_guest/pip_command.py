"""pip of this Linux: the installer of the conversation's Python, for the guest's own.

Only wheels of plain Python come in, compared with the hashes of their index; nothing of a package runs while it is installed.
"""

import importlib.util
import os
import shutil
import sys
from importlib import metadata

from . import hints, installs, network

FOLDER = "/usr/local/lib/python3.11/dist-packages"
BIN = "/usr/local/bin"
USAGE = """Usage: pip install [-r FILE] [-i INDEX] PACKAGE...
       pip uninstall PACKAGE...
       pip list | pip freeze | pip show PACKAGE...
The pip of this Linux installs wheels of plain Python; nothing is built, and no other option counts."""
WITHOUT_NETWORK = "Here without network: {}."
UNREAD = "What is here without network could not be read."
#: Said once after what came from the extension.
TAKEN = "Without network, packages come from this device: {}. The newest come where pypi.org and files.pythonhosted.org are allowed."
#: Options of the real one that change nothing here, and those that take a word.
SILENT = {"-q", "--quiet", "-v", "-y", "--yes", "-U", "--upgrade", "--user", "--no-cache-dir", "--break-system-packages"}
SILENT |= {"--disable-pip-version-check", "--no-input", "--prefer-binary", "--no-warn-script-location"}
WITH_WORD = {"--trusted-host", "--timeout", "--retries"}
SCRIPT = "#!/usr/local/bin/python3\nimport sys\nfrom {module} import {first}\nsys.exit({call}())\n"


class Usage(Exception):
    """A sentence about the command."""


def main(arguments=None):
    words = sys.argv[1:] if arguments is None else arguments
    command, rest = (words[0], words[1:]) if words else ("help", [])
    commands = {"install": install, "uninstall": uninstall, "list": listing, "freeze": freeze, "show": show}
    if command in ("-V", "--version"):
        print(f"pip of this Linux (python {sys.version_info.major}.{sys.version_info.minor})")
        return 0
    if command in ("help", "-h", "--help"):
        print(USAGE)
        wheels = network.bundle()["wheels"]
        print(WITHOUT_NETWORK.format(", ".join(wheels)) if wheels else UNREAD)
        return 0
    try:
        if command not in commands:
            raise Usage(f"pip {command} is not here.")
        return commands[command](rest)
    except (Usage, OSError) as error:
        print(f"pip: {error}\n{USAGE}" if isinstance(error, Usage) else f"pip: {error}", file=sys.stderr)
        return 2


def install(words):
    names, index = [], None
    words = iter(words)
    for word in words:
        option, _, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if option in ("-r", "--requirement"):
            names += _requirements(value or next(words, ""))
        elif option in ("-i", "--index-url"):
            index = value or next(words, "")
        elif option in WITH_WORD:
            value or next(words, "")
        elif option in SILENT:
            continue
        elif word.startswith("-"):
            raise Usage(f"the option {word} is not here.")
        else:
            names.append(word)
    if not names:
        raise Usage("no package was named.")
    refused = []

    def refuse(sentence):
        refused.append(sentence)
        print(sentence, file=sys.stderr)

    for name in names:
        before = len(refused)
        installs.FOLDER = FOLDER
        installs.install([name], index, refuse)
        if len(refused) > before:
            _say_where(installs._bare(name), refused[-1])
    if network.taken:
        known = ", ".join(f"{name} {version}" for name, version in sorted(network.taken.items()))
        print(TAKEN.format(known), file=sys.stderr if refused else sys.stdout)
    _write_scripts()
    return 1 if refused else 0


def _say_where(package, refusal):
    """Where else there is a package that was refused, unless that is said already or it was for its version alone."""
    elsewhere = hints.elsewhere(hints.module_of(package))
    if elsewhere and elsewhere not in refusal and hints.canonical(package) not in network.bundle()["wheels"]:
        print(elsewhere, file=sys.stderr)


def _requirements(path):
    if not path:
        raise Usage("-r wants the name of a file.")
    with open(path) as file:
        lines = [line.split(" #")[0].strip() for line in file]
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def _installed():
    return _sorted(metadata.distributions(path=[FOLDER]))


def _sorted(distributions):
    """Those that say their name: what is left of others is none."""
    return sorted((one for one in distributions if one.metadata["Name"]), key=lambda one: one.metadata["Name"].lower())


def _write_scripts():
    """The commands that packages bring: their wheels only name them."""
    for found in _installed():
        for entry in found.entry_points.select(group="console_scripts"):
            path = os.path.join(BIN, os.path.basename(entry.name))
            if os.path.exists(path):
                continue
            with open(path, "w") as file:
                file.write(_script(entry))
            os.chmod(path, 0o755)


def _script(entry):
    return SCRIPT.format(module=entry.module, first=entry.attr.split(".")[0], call=entry.attr)


def _is_ours(path, entry):
    """Whether it is the command that was written for this entry: another package or Debian may have one of that name."""
    try:
        with open(path) as file:
            return file.read() == _script(entry)
    except (OSError, ValueError):
        return False


def uninstall(words):
    missing = 0
    for name in (word for word in words if not word.startswith("-")):
        wanted = hints.canonical(name)
        found = next((one for one in _installed() if hints.canonical(one.metadata["Name"]) == wanted), None)
        if found is None:
            print(f"{name} was not installed by this pip.", file=sys.stderr)
            missing = 1
            continue
        for entry in found.entry_points.select(group="console_scripts"):
            path = os.path.join(BIN, os.path.basename(entry.name))
            if _is_ours(path, entry):
                os.remove(path)
        own = next((one for one in found.files or [] if one.name == "METADATA"), None)
        # A list of files says what its author likes: what others list as well is theirs.
        theirs = {path for other in _installed() if other.name != found.name for path in _places(other)}
        for path in _places(found) - theirs:
            _remove(path)
        if own is not None:
            shutil.rmtree(found.locate_file(own.parent), ignore_errors=True)
        print(f"Removed {name}.")
    return missing


def _places(found):
    return {os.path.realpath(found.locate_file(path)) for path in found.files or []}


def _remove(path):
    """A file that was installed, and folders that nothing is left in."""
    if not path.startswith(FOLDER + "/"):
        return
    # What Python compiled of it: a folder with nothing else would still count as a package.
    compiled = [importlib.util.cache_from_source(path)] if path.endswith(".py") else []
    for one in [path, *compiled]:
        if os.path.isfile(one):
            os.remove(one)
    for one in compiled:
        if os.path.isdir(os.path.dirname(one)) and not os.listdir(os.path.dirname(one)):
            os.rmdir(os.path.dirname(one))
    folder = os.path.dirname(path)
    while folder.startswith(FOLDER + "/") and os.path.isdir(folder) and not os.listdir(folder):
        os.rmdir(folder)
        folder = os.path.dirname(folder)


def listing(_):
    for found in _sorted(metadata.distributions()):
        print(f"{found.metadata['Name']} {found.version}")
    return 0


def freeze(_):
    for found in _installed():
        print(f"{found.metadata['Name']}=={found.version}")
    return 0


def show(words):
    missing = 0
    for name in words:
        try:
            found = metadata.distribution(name)
        except (metadata.PackageNotFoundError, ValueError):
            print(f"{name} is not installed.", file=sys.stderr)
            missing = 1
            continue
        for key in ("Name", "Version", "Summary"):
            print(f"{key}: {found.metadata[key]}")
        print(f"Location: {found.locate_file('')}")
    return missing
