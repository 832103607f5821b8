"""A small parallel driver around emcc. Runs inside the build root, where the work tree is /w."""
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

WORK = "/w"
SUFFIX = ".cpython-313-wasm32-emscripten.so"
NUMPY = "-I/w/numpy/numpy/_core/include"
# The flags of Pyodide 0.29: legacy WebAssembly exceptions and longjmp, position independent, no system libraries.
EXCEPTIONS = ["-fwasm-exceptions", "-sSUPPORT_LONGJMP=wasm"]
COMPILE = ["-O2", "-g0", "-fPIC", *EXCEPTIONS, "-DNDEBUG", "-Wno-everything", "-I/w/include/python3.13"]
LINK = ["-O2", "-g0", "-sSIDE_MODULE=2", "-sWASM_BIGINT", *EXCEPTIONS]
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    # System libraries were not unpacked and must not be built: side modules link none.
    "EM_FROZEN_CACHE": "1",
    "EMCC_SKIP_SANITY_CHECK": "1",
}


def _run(command):
    done = subprocess.run(command, cwd=WORK, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command[:1] + command[-3:])}\n{done.stderr[:6000]}")


def compile_sources(name, sources, flags):
    """Compiles sources with the flags; gives the objects in the same order."""
    folder = f"{WORK}/objects/{name}"
    os.makedirs(folder, exist_ok=True)
    began = time.time()

    def one(source):
        target = f"{folder}/{source[len(WORK) + 1:].replace('/', '_')}.o"
        program = "emcc" if source.endswith(".c") else "em++"
        _run([program, *COMPILE, *flags, "-c", source, "-o", target])
        return target

    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        objects = list(pool.map(one, sources))
    print(f"{name}: {len(objects)} objects, {time.time() - began:.1f} s", flush=True)
    return objects


def link_module(path, objects):
    """Links an extension module; `path` is its place below site-packages without the suffix."""
    target = f"{WORK}/out/{path}{SUFFIX}"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    _run(["em++", *LINK, f"-sEXPORTED_FUNCTIONS=_PyInit_{os.path.basename(path)}", "-o", target, *objects])
    print(f"  {path}{SUFFIX}: {os.path.getsize(target)} bytes", flush=True)
