"""SQLite in one file, as upstream ships it, made of Debian's patched sources; and the module of Python's that speaks to it."""
import glob
import os
import shutil
import subprocess
import sys

from compiler import ENVIRONMENT, WORK, compile_sources, link_module

SOURCE = f"{WORK}/src/sqlite3"
MADE = f"{WORK}/sqlite"
MODULE = f"{WORK}/src/python3.13/Modules/_sqlite"
# What Debian's and python.org's builds have and programs look for. No threads and no libraries to load are here.
OPTIONS = [
    "-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_ENABLE_FTS3", "-DSQLITE_ENABLE_FTS3_PARENTHESIS",
    "-DSQLITE_ENABLE_FTS4", "-DSQLITE_ENABLE_FTS5", "-DSQLITE_ENABLE_RTREE", "-DSQLITE_ENABLE_GEOPOLY",
    "-DSQLITE_ENABLE_MATH_FUNCTIONS", "-DSQLITE_ENABLE_COLUMN_METADATA", "-DSQLITE_ENABLE_DBSTAT_VTAB",
    "-DSQLITE_ENABLE_UPDATE_DELETE_LIMIT", "-DSQLITE_MAX_VARIABLE_NUMBER=250000", "-DSQLITE_SOUNDEX", "-DHAVE_ISNAN",
    "-DSQLITE_TEMP_STORE=2", "-DSQLITE_EXTRA_INIT=sqlite_one_process",
]


def run(*command, given=None, to=None):
    done = subprocess.run(command, cwd=MADE, env=ENVIRONMENT, input=given, capture_output=True)
    if done.returncode:
        sys.exit(f"sqlite: {' '.join(command)}\n{done.stderr.decode()[:6000]}")
    if to:
        with open(f"{MADE}/{to}", "wb") as file:
            file.write(done.stdout)


def read(name):
    with open(f"{MADE}/{name}", "rb") as file:
        return file.read()


def one_file():
    """The steps of Debian's Makefile for `sqlite3.c`, by the same tools."""
    pieces = f"{MADE}/tsrc"
    os.makedirs(pieces, exist_ok=True)
    for pattern in ("src/*", "ext/fts3/*", "ext/rtree/*", "ext/session/*", "ext/rbu/*", "ext/icu/*", "ext/misc/stmt.c"):
        for path in glob.glob(f"{SOURCE}/{pattern}"):
            if path.endswith((".c", ".h")):
                shutil.copy(path, pieces)
    tool = f"{SOURCE}/tool"
    # A cleaner parser of the statements with LIMIT needs the option here too.
    limit = "-DSQLITE_ENABLE_UPDATE_DELETE_LIMIT"
    for name in ("lemon", "mkkeywordhash", "mksourceid"):
        run("clang-19", "-O1", "-w", limit, "-o", name, f"{tool}/{name}.c")
    shutil.copy(f"{tool}/lempar.c", MADE)
    run("./lemon", limit, "-dtsrc", "-S", f"{SOURCE}/src/parse.y")
    run("./mkkeywordhash", to="tsrc/keywordhash.h")
    run("tclsh8.6", f"{tool}/mkopcodeh.tcl", given=read("tsrc/parse.h") + read("tsrc/vdbe.c"), to="tsrc/opcodes.h")
    run("tclsh8.6", f"{tool}/mkopcodec.tcl", "tsrc/opcodes.h", to="tsrc/opcodes.c")
    # It calls the tool that names the version by its place beside it.
    run("tclsh8.6", f"{tool}/mksqlite3h.tcl", SOURCE, to="tsrc/sqlite3.h")
    run("./lemon", "-dtsrc", "-S", f"{SOURCE}/ext/fts5/fts5parse.y")
    for path in glob.glob(f"{SOURCE}/ext/fts5/*.[ch]"):
        shutil.copy(path, MADE)
    for name in ("fts5parse.c", "fts5parse.h"):
        shutil.move(f"{pieces}/{name}", f"{MADE}/{name}")
    run("tclsh8.6", f"{SOURCE}/ext/fts5/tool/mkfts5c.tcl")
    for name in ("fts5.c", "fts5.h"):
        shutil.copy(f"{MADE}/{name}", pieces)
    run("tclsh8.6", f"{tool}/vdbe-compress.tcl", given=read("tsrc/vdbe.c"), to="vdbe.new")
    shutil.move(f"{MADE}/vdbe.new", f"{pieces}/vdbe.c")
    run("tclsh8.6", f"{tool}/mksqlite3c.tcl")
    # Where locks cannot fail, a connection that only reads can be that of one process too (sqlite_one_process.c).
    text = read("sqlite3.c").decode()
    before, after = "(UNIXFILE_EXCL|UNIXFILE_RDONLY))==UNIXFILE_EXCL", "UNIXFILE_EXCL)!=0"
    if text.count(before) != 1:
        sys.exit(f"sqlite: {before!r} is there {text.count(before)} times")
    with open(f"{MADE}/sqlite3.c", "w") as file:
        file.write(text.replace(before, after))


def module():
    one_file()
    library = compile_sources("sqlite", [f"{MADE}/sqlite3.c", f"{WORK}/kit/sqlite_one_process.c"], [*OPTIONS, f"-I{MADE}/tsrc"])
    sources = sorted(glob.glob(f"{MODULE}/*.c"))
    flags = [f"-I{MADE}/tsrc", "-I/w/include/python3.13/internal", "-DPy_BUILD_CORE_MODULE=1"]
    link_module("_sqlite3", [*compile_sources("_sqlite3", sources, flags), *library])
