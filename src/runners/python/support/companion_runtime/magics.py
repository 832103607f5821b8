"""Lines that IPython understands and Python does not: `%magic` and `!command`."""

import re
import shlex
import sys
import time

#: Of a shell or another process.
INSTEAD = "Use Python for it (os, pathlib, shutil), or a block of bash: it runs in Linux, on the same files."
_LINE = re.compile(r"^(\s*)(?:([A-Za-z_]\w*)\s*=\s*)?([%!]{1,2})(.*)$")


def rewrite(code, line):
    """The code with one such line turned into a call: its first, or `line` (from 1), where Python could not go on; else None.

    No other line is touched: within a text, or in the middle of a sum, `%` and `!` are Python's own.
    """
    lines = code.split("\n")
    first = next((at for at, text in enumerate(lines) if text.strip()), None)
    if first is not None and lines[first].startswith("%%"):
        name = lines[first][2:].split(None, 1)[0] if lines[first][2:].strip() else ""
        lines[first] = f"# %%{name}"
        if name not in ("time", "timeit", "capture", "python", "python3"):
            lines[first] = f"__import__('companion_runtime.magics', fromlist=['x']).unknown({'%%' + name!r})"
            lines[first + 1 :] = ["#" + text for text in lines[first + 1 :]]
        return "\n".join(lines)
    match = _LINE.match(lines[line - 1]) if line and line <= len(lines) else None
    if not match or not match[4].strip():
        return None
    target = f"{match[2]} = " if match[2] else ""
    lines[line - 1] = f"{match[1]}{target}__import__('companion_runtime.magics', fromlist=['x']).call({match[3]!r}, {match[4].strip()!r})"
    return "\n".join(lines)


def unknown(name):
    sys.stderr.write(f"{name} is not available here.\n")


def call(sign, text):
    name, _, rest = text.partition(" ")
    if is_pip(text):
        _pip(text)
        return None
    if sign.startswith("!"):
        return _shell(text)
    if name in ("matplotlib", "config", "load_ext", "reload_ext", "autoreload", "pylab"):
        return None
    if name in ("time", "timeit"):
        return _timed(name, rest)
    if name == "pwd":
        import os

        return os.getcwd()
    unknown("%" + name)
    return None


def system(command):
    """os.system: the answer of a shell that could not be started, but for what needs none."""
    import os

    text = os.fsdecode(command).strip()
    name = text.partition(" ")[0]
    if name in ("clear", "cls"):
        return 0
    if is_pip(text):
        return 0 if _pip(text) else -1
    sys.stderr.write(no_shell(name) + "\n")
    return -1


def is_pip(text):
    """Whether a line of a shell is one that installs, by whatever program."""
    return text.partition(" ")[0] in ("pip", "pip3", "conda", "mamba", "micropip", "uv") or text.startswith("python -m pip")


def _timed(name, statement):
    namespace = sys.modules["__main__"].__dict__
    statement = re.sub(r"^(-[nrt]\s*\d+\s+|-[qo]\s+)*", "", statement)
    begin = time.perf_counter()
    exec(compile(statement, "<timed>", "exec"), namespace)
    print(f"Wall time: {(time.perf_counter() - begin) * 1000:.3g} ms")


#: A word that sends output elsewhere, with where, if that is in the same word; `>=2` is a version that nobody put in quotes.
_REDIRECTS = re.compile(r"\d?>>?(?!=)(.*)")
#: What stands within quotes, which are none of the shell's signs.
_QUOTED = re.compile(r"'[^']*'" + r'|"[^"]*"')
#: Where output may go without being missed.
_NOWHERE = ("", "&", "1", "2", "/dev/null")


def _commands(text):
    """The commands of a line of a shell, as pairs: its words, and the file that its output would go to, "" for none.

    None where a quote is left open: a shell would wait for the rest.
    """
    if not re.search("[&|;<>#]", text):
        try:
            words = shlex.split(text)
        except ValueError:
            return None
        return [(words, "")] if words else []
    # Quotes stay in the words, so that a sign within them is seen to be none of the shell's.
    lexer = shlex.shlex(text, posix=False, punctuation_chars="&|;")
    lexer.whitespace_split = True
    lexer.commenters = ""
    commands = [([], "")]
    # The word before sends output elsewhere, and this one says where.
    is_target = False
    try:
        tokens = list(lexer)
        for token, following in zip(tokens, [*tokens[1:], ""]):
            words, _ = commands[-1]
            redirect = _REDIRECTS.fullmatch(token)
            if is_target:
                # `2>&1` comes as three.
                is_target = token == "&"
                if token not in _NOWHERE:
                    commands[-1] = (words, token)
            elif token.startswith("#"):
                break
            elif redirect is not None:
                is_target = redirect[1] == ""
                if redirect[1] not in _NOWHERE:
                    commands[-1] = (words, redirect[1])
            elif token == "&" and _REDIRECTS.fullmatch(following):
                continue
            elif not token.strip("&|;"):
                commands.append(([], ""))
            else:
                words.append("".join(shlex.split(token)))
                # `x>y`; to pip it may be a version that nobody put in quotes.
                if re.search("[<>]", _QUOTED.sub("", token)):
                    commands[-1] = (words, token)
    except ValueError:
        return None
    return [command for command in commands if command[0]]


def _pip(text):
    """Runs the pips of a line, as far as nothing else comes between; False where something does."""
    commands = _commands(text)
    if commands is None:
        sys.stderr.write(no_shell(text[-40:]) + "\n")
        return False
    for words, _ in commands:
        if not is_pip(" ".join(words)):
            sys.stderr.write(no_shell(words[0]) + "\n")
            return False
        _run_pip(words)
    return True


def _run_pip(words):
    from . import installs

    if "install" not in words:
        unknown("pip " + " ".join(words[1:2]))
        return
    names, index = [], None
    following = iter(words[words.index("install") + 1 :])
    for word in following:
        if word in ("-i", "--index-url"):
            index = next(following, None)
        elif word.startswith("--index-url="):
            index = word.partition("=")[2]
        elif word in ("-r", "--requirement"):
            names += _listed(next(following, ""))
        elif word in _PIP_VALUES:
            next(following, None)
        elif not word.startswith("-"):
            names.append(word)
    installs.install(names, index)


#: Options of pip that a value follows; none of them means anything here.
_PIP_VALUES = ("--extra-index-url", "-f", "--find-links", "-c", "--constraint", "-t", "--target", "--trusted-host", "--timeout")


def _listed(path):
    try:
        with open(path, encoding="utf-8") as file:
            lines = [line.partition("#")[0].strip() for line in file]
    except OSError as error:
        sys.stderr.write(f"pip: {error}\n")
        return []
    return [line for line in lines if line and not line.startswith("-")]


def _shell(text):
    import os

    commands = _commands(text) or []
    if len(commands) != 1 or commands[0][1]:
        # Of what is more than one command with its output here, half would be done.
        sys.stderr.write(no_shell(text) + "\n")
        return None
    words = commands[0][0]
    try:
        if words[0] == "ls":
            where = next((word for word in words[1:] if not word.startswith("-")), ".")
            print("\n".join(sorted(entry for entry in os.listdir(where) if not entry.startswith("."))))
            return None
        if words[0] == "pwd":
            print(os.getcwd())
            return None
        if words[0] in ("cat", "head") and len(words) > 1:
            # `head -5 x`, `head -n 5 x`
            count = re.fullmatch(r"-n?(\d+)", "".join(words[1:-1]))
            most = int(count[1]) if count else 10
            if words[0] == "cat":
                most = None
            with open(words[-1], encoding="utf-8", errors="replace") as source:
                for at, line in enumerate(source):
                    if at == most:
                        break
                    print(line, end="")
            return None
        if words[0] == "echo":
            print(*words[1:])
            return None
    except OSError as error:
        sys.stderr.write(f"{words[0]}: {error}\n")
        return None
    sys.stderr.write(no_shell(words[0]) + "\n")
    return None


def no_shell(command):
    return f"There is no shell in Python here: `{command}` did not run. {INSTEAD}"
