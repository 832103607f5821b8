"""Fork server of the guest's python3: starts once with the usual modules, then forks for each call of python3.c.

A client sends its descriptors 0, 1, 2; arguments, environment, directory and user are read from its /proc entry. It gets the
pid of its program, then the exit code (negative: the signal that ended it). The program belongs to no terminal: job control
and getpass want the real interpreter, /usr/bin/python3.11.

It holds the port of gate.py too, which becomes a process with the first connection, and again after it has ended: most
sessions reach no network. Its modules are loaded here all the same: to load them takes longer than many a request may.
"""

import array
import atexit
import gc
import os
import select
import signal
import socket
import struct
import sys
import threading
import traceback

# What programs of a chat import first: loaded once, shared by all.
import argparse, collections, csv, dataclasses, datetime, functools, hashlib, io, itertools, json, math, pathlib  # noqa: E401,F401
import random, re, runpy, shutil, subprocess, tempfile, textwrap, typing  # noqa: E401,F401

from companion_guest import gate as proxy, hints

PLACE = "/run/python-fork-server"
GATE = ("127.0.0.2", 3128)


def read_client(pid: int) -> tuple[list[str], dict[str, str]]:
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        arguments = [os.fsdecode(part) for part in file.read().split(b"\0")[1:-1]]
    with open(f"/proc/{pid}/environ", "rb") as file:
        pairs = [os.fsdecode(part).partition("=") for part in file.read().split(b"\0") if b"=" in part]
    return arguments, {name: value for name, _, value in pairs}


def join_group(pid: int) -> None:
    """Joins the client's cgroup, so that ending the client's group ends this too."""
    with open(f"/proc/{pid}/cgroup") as file:
        group = file.read().strip().rpartition(":")[2]
    with open(f"/sys/fs/cgroup{group}/cgroup.procs", "w") as file:
        file.write("0")


def become(pid: int, uid: int, gid: int, environment: dict[str, str]) -> None:
    # Programs go before this server when memory is short, as those of the agent do.
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")
    os.chdir(f"/proc/{pid}/cwd")
    # Named anew: a directory entered by /proc has the client's entry as its name.
    os.chdir(os.getcwd())
    with open(f"/proc/{pid}/status") as file:
        status = dict(line.split(":", 1) for line in file)
    groups = status["Groups"].split()
    os.setgroups([int(group) for group in groups])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    os.environ.clear()
    os.environ.update(environment)
    # This server was started in the background of a script, where both are ignored: a program has them as its client does.
    ignored = int(status["SigIgn"], 16)
    for number, heard in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
        signal.signal(number, signal.SIG_IGN if ignored >> (number - 1) & 1 else heard)


def run(arguments: list[str]) -> int:
    is_unbuffered = "PYTHONUNBUFFERED" in os.environ
    while arguments and arguments[0] == "-u":
        is_unbuffered = True
        arguments = arguments[1:]
    sys.stdin = open(0)
    sys.stdout = open(1, "w", buffering=1 if os.isatty(1) else -1)
    sys.stdout.reconfigure(write_through=is_unbuffered)
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace")
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    # Each program has chances of its own.
    random.seed()
    first = arguments[0] if arguments else "-"
    main = type(sys)("__main__")
    main.__builtins__ = __builtins__
    try:
        if first == "-c":
            sys.argv, code, name = ["-c", *arguments[2:]], arguments[1], "<string>"
        elif first == "-m":
            sys.argv = ["-m", *arguments[2:]]
            sys.path.insert(0, os.getcwd())
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
            return 0
        elif first == "-":
            sys.argv, code, name = ["-", *arguments[1:]], sys.stdin.read(), "<stdin>"
        else:
            sys.argv = arguments
            sys.path.insert(0, os.path.dirname(os.path.realpath(first)))
            runpy.run_path(first, run_name="__main__")
            return 0
        sys.path.insert(0, "")
        sys.modules["__main__"] = main
        exec(compile(code, name, "exec"), main.__dict__)
        return 0
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        sys.stdout.flush()
        traceback.print_exc()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
        return 130
    except BaseException as error:
        show(error)
        return 1


def show(error: BaseException) -> None:
    """Prints a traceback that begins in the program, not in this file or in runpy."""
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename in (__file__, "<frozen runpy>"):
        frames = frames.tb_next
    traceback.print_exception(type(error), error, frames)
    hints.show(error)


def serve(connection: socket.socket) -> None:
    """In a process of its own: runs what the client asks for in a child, and tells its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, ancillary, _, _ = connection.recvmsg(1, socket.CMSG_SPACE(12))
    descriptors = array.array("i")
    descriptors.frombytes(ancillary[0][2][:12])
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    client, uid, gid = struct.unpack("3i", credentials)
    arguments, environment = read_client(client)
    join_group(client)
    pid = os.fork()
    if pid:
        connection.sendall(struct.pack("<i", pid))
        for descriptor in descriptors:
            os.close(descriptor)
        _, status = os.waitpid(pid, 0)
        connection.sendall(struct.pack("<i", os.waitstatus_to_exitcode(status)))
        return
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
    os.closerange(3, 64)
    code = 1
    try:
        become(client, uid, gid, environment)
        code = run(arguments)
        # Threads that are no daemons are waited for, and what was registered for the end runs; the rest of an
        # interpreter's end would only cost time.
        threading._shutdown()
        atexit._run_exitfuncs()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            code = code or 120
        os._exit(code & 255)


def start_gate(listening: socket.socket) -> int | None:
    """The process that takes the proxy's connections from now on, as a descriptor that is ready once it has ended."""
    pid = os.fork()
    if pid:
        try:
            return os.pidfd_open(pid)
        except ProcessLookupError:
            return None
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # Memory that it needs is no program's; but before the agent and this server it goes.
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("0")
        proxy.serve(listening)
    finally:
        os._exit(1)


def main() -> None:
    gate = socket.create_server(GATE, backlog=64)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(PLACE)
    os.chmod(PLACE, 0o666)
    listener.listen(64)
    # The folder of this file is not where programs look for modules.
    sys.path.pop(0)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    server = None
    while True:
        ready, _, _ = select.select([listener, gate if server is None else server], [], [])
        if server in ready:
            os.close(server)
            server = None
        elif gate in ready:
            server = start_gate(gate)
        if listener not in ready:
            continue
        connection, _ = listener.accept()
        if os.fork():
            connection.close()
            continue
        listener.close()
        gate.close()
        try:
            serve(connection)
        finally:
            os._exit(0)


main()
