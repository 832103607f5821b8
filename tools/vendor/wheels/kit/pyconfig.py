"""Writes pyconfig.h for the interpreter in Pyodide.

Names come from Debian's native pyconfig.h, values from sysconfig.get_config_vars() printed inside Pyodide. What the
native header defines and Pyodide does not know is left undefined.
"""
import json
import re
import sys

NATIVE, VALUES, TARGET = sys.argv[1:4]


def main():
    with open(VALUES) as file:
        values = json.load(file)
    lines = []
    with open(NATIVE) as file:
        for line in file:
            match = re.match(r"\s*#\s*define\s+(\w+)\b|/\*\s*#undef\s+(\w+)\s*\*/", line)
            name = match and (match.group(1) or match.group(2))
            if not name or name == "Py_PYCONFIG_H":
                lines.append(line)
            elif name in values:
                lines.append(definition(name, values[name]))
            elif match.group(1) and name.startswith(("HAVE_", "SIZEOF_", "ALIGNOF_")):
                lines.append(f"/* #undef {name} (not in Pyodide) */\n")
            else:
                lines.append(line)
    with open(TARGET, "w") as file:
        file.writelines(lines)


def definition(name, value):
    if value == 0 and not name.startswith(("SIZEOF", "ALIGNOF")):
        return f"/* #undef {name} */\n"
    return f"#define {name} {value}\n"


main()
