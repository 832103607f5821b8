import type { CanaryServer } from '../box/canary-server.ts';

/**
 * Python programs that try to get out, by route. Each prints `OPEN …` where it got something, else raises or prints `SHUT …`;
 * what it asks of the server carries its name. What has not ended `patienceMs` after it was asked never will.
 */
export function hostileRoutes(
  { http, ws }: CanaryServer,
  tag: string,
  patienceMs: number,
): Readonly<Record<string, string>> {
  const ROUND_MS = 50;
  const rounds = `for _ in range(${Math.ceil(patienceMs / ROUND_MS)}):`;
  const url = (route: string): string => `${http}/${tag}/${route}`;
  const port = new URL(http).port;
  /** A socket names no path: its host tells the server which route it is. */
  const name = (route: string): string => `${route}.${tag}.localhost`;
  const makeFunction = 'from pyodide.ffi import to_js\nmake = to_js([1]).constructor.constructor\n';
  const byFunction = (source: string): string => `${makeFunction}f = make(${JSON.stringify(source)})\n`;
  const evalByC = (source: string): string =>
    `import ctypes\nrun = ctypes.CDLL(None).emscripten_run_script_int\nrun.argtypes = [ctypes.c_char_p]\nprint("OPEN" if run(${JSON.stringify(source)}.encode()) == 1 else "SHUT by answer")`;
  /** For what is under way in the worker itself, which a program must leave to it. */
  const wait = 'import asyncio\nawait asyncio.sleep(0.3)\n';
  /** Gives the promises of JavaScript the time that the loop of the worker's own Python would not give them. */
  const settle = [
    'import asyncio',
    'async def settle(promise):',
    '    future = asyncio.ensure_future(promise)',
    `    ${rounds}`,
    '        if future.done(): break',
    `        await asyncio.sleep(${ROUND_MS / 1000})`,
    '    if not future.done(): raise TimeoutError("it never settled")',
    '    return future.result()\n',
  ].join('\n');
  const settled = (promise: string): string => `${settle}print("OPEN", await settle(${promise}))`;
  /** Takes back what our own support package put into modules of Python: any program can. */
  const anew = (...modules: readonly string[]): string =>
    `import importlib\nfrom companion_runtime import fixes\nfixes.PATCHES.clear()\nfor name in ${JSON.stringify(modules)}: importlib.reload(importlib.import_module(name))\n`;
  /** The client's own socket outlives its patience: the browser connects while the program waits for its last line. */
  const byClient = (modules: readonly string[], program: string): string =>
    [
      anew('socket', 'http.client', ...modules).trimEnd(),
      'import asyncio, http.client, socket, urllib.request',
      'kept, connect = [], socket.socket.connect',
      'socket.socket.connect = lambda self, where: (kept.append(self), connect(self, where))[1]',
      'socket.socket.close = lambda self: None',
      'try:',
      ...program.split('\n').map((line) => `    ${line}`),
      '    print("OPEN")',
      'finally:',
      '    await asyncio.sleep(0.3)',
    ].join('\n');
  const REACHING =
    'fetch|XMLHttpRequest|WebSocket|WebSocketStream|WebTransport|EventSource|importScripts|Worker|SharedWorker|indexedDB|caches|BroadcastChannel|RTCPeerConnection|MessageChannel|postMessage|navigator|location|Blob|URL|Request|FileReaderSync|cookieStore';
  return {
    'js-fetch': `import js\n${settled(`js.fetch("${url('js-fetch')}")`)}`,
    'js-xhr': `import js\nx = js.XMLHttpRequest.new()\nx.open("GET", "${url('js-xhr')}", False)\nx.send()\nprint("OPEN", x.status)`,
    'js-websocket': `import js\njs.WebSocket.new("${ws}/${tag}/js-websocket")\nprint("OPEN")\n${wait}`,
    'js-eventsource': `import js\njs.EventSource.new("${url('js-eventsource')}")\nprint("OPEN")\n${wait}`,
    'js-importscripts': `import js\njs.importScripts("${url('js-importscripts')}")\nprint("OPEN")`,
    'js-worker': `import js\njs.Worker.new("data:text/javascript,fetch('${url('js-worker')}')")\nprint("OPEN")\n${wait}`,
    'js-indexeddb': 'import js\njs.indexedDB.open("x")\nprint("OPEN")',
    'js-caches': `import js\n${settled('js.caches.open("x")')}`,
    'js-storage': `import js\n${settled('js.navigator.storage.getDirectory()')}`,
    'js-broadcast': 'import js\njs.BroadcastChannel.new("x")\nprint("OPEN")',
    'js-chrome': 'import js\nprint("OPEN", js.chrome.runtime.id)',
    'js-post': 'import js\njs.postMessage("forged")\nprint("OPEN")',
    'js-self': 'import js\nprint("OPEN", js.self.location.href)',
    'js-global': 'import js\nprint("OPEN", js.globalThis.location.href)',
    'run-js': `from pyodide.code import run_js\nrun_js("fetch('${url('run-js')}')")\nprint("OPEN")\n${wait}`,
    'run-js-import': `from pyodide.code import run_js\n${settled(`run_js("import('${url('run-js-import')}')")`)}`,
    pyfetch: `${anew('pyodide.http')}from pyodide.http import pyfetch\n${settle}await settle(pyfetch("${url('pyfetch')}"))\nprint("OPEN")`,
    'open-url': `${anew('pyodide.http')}from pyodide.http import open_url\nopen_url("${url('open-url')}")\nprint("OPEN")`,
    'function-fetch': `${byFunction(`return fetch('${url('function-fetch')}')`)}${settled('f()')}`,
    'function-of-object': `import js\nf = js.Object.constructor("return fetch('${url('function-of-object')}')")\n${settled('f()')}`,
    'function-of-pyodide': `import pyodide_js\nf = pyodide_js.loadPackage.constructor("return fetch('${url('function-of-pyodide')}')")\n${settled('f()')}`,
    'function-xhr': `${byFunction(`const x = new XMLHttpRequest(); x.open('GET', '${url('function-xhr')}', false); x.send(); return x.status`)}print("OPEN", f())`,
    'function-import': `${byFunction(`return import('${url('function-import')}')`)}${settled('f()')}`,
    'function-import-data': `${byFunction(`return import('data:text/javascript,await fetch("${url('function-import-data')}")')`)}${settled('f()')}`,
    'function-websocket': `${byFunction(`return new WebSocket('${ws}/${tag}/function-websocket')`)}f()\nprint("OPEN")\n${wait}`,
    'function-worker': `${byFunction(`return new Worker(URL.createObjectURL(new Blob(['fetch("${url('function-worker')}")'])))`)}f()\nprint("OPEN")\n${wait}`,
    'function-parent': `${byFunction("return typeof chrome !== 'undefined' || typeof browser !== 'undefined'")}print("OPEN" if f() else "SHUT by answer")`,
    'function-prototype': `${byFunction(`let o = globalThis, seen = []; while (o) { for (const k of Object.getOwnPropertyNames(o)) if (/^(${REACHING})$/.test(k)) seen.push(k); o = Object.getPrototypeOf(o) } return seen.join()`)}names = f()\nprint("OPEN " + names if names else "SHUT by answer")`,
    'c-eval-fetch': `${evalByC(`typeof fetch === "function" ? (fetch("${url('c-eval-fetch')}"), 1) : 0`)}\n${wait}`,
    'c-eval-xhr': evalByC('typeof XMLHttpRequest === "function" ? 1 : 0'),
    'c-run-script': `import ctypes\nrun = ctypes.CDLL(None).emscripten_run_script\nrun.argtypes = [ctypes.c_char_p]\nrun(b"fetch('${url('c-run-script')}')")\n${wait}print("SHUT by silence")`,
    'c-wget': `import ctypes\nctypes.CDLL(None).emscripten_async_wget(b"${url('c-wget')}", b"/tmp/x", 0, 0)\n${wait}print("SHUT by silence")`,
    'lazy-file': `import pyodide_js\npyodide_js.FS.createLazyFile("/tmp", "lazy", "${url('lazy-file')}", True, False)\nprint("OPEN", open("/tmp/lazy").read())`,
    'preloaded-file': `import pyodide_js\npyodide_js.FS.createPreloadedFile("/tmp", "ahead", "${url('preloaded-file')}", True, False)\n${wait}print("SHUT by silence")`,
    socket: `${anew('socket')}import socket\ns = socket.create_connection(("${name('socket')}", ${port}), timeout=1)\nprint("OPEN")\n${wait}`,
    'socket-unpatched': `import _socket\ns = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)\ns.connect(("${name('socket-unpatched')}", ${port}))\ns.send(b"GET / HTTP/1.0\\r\\n\\r\\n")\nprint("OPEN")\n${wait}`,
    urllib: byClient(['urllib.request'], `urllib.request.urlopen("http://${name('urllib')}:${port}/", timeout=1)`),
    'http-client': byClient(
      [],
      `http.client.HTTPConnection("${name('http-client')}", ${port}, timeout=1).request("GET", "/")`,
    ),
    requests: byClient(
      [
        'urllib3.connection',
        'urllib3.connectionpool',
        'urllib3.poolmanager',
        'requests.adapters',
        'requests.sessions',
        'requests.api',
      ],
      `import requests, urllib3\nurllib3.util.connection._set_socket_options = lambda *_: None\nrequests.get("http://${name('requests')}:${port}/", timeout=1)`,
    ),
    'load-package': `import pyodide_js\n${settled(`pyodide_js.loadPackage("${url('load-package')}/x-1.0-py3-none-any.whl")`)}`,
    'native-files': `${byFunction('return globalThis.navigator?.storage?.getDirectory()')}import pyodide_js\n${settle}handle = await settle(f())\n${settled('pyodide_js.mountNativeFS("/native", handle)')}`,
    idbfs: `import asyncio, pyodide_js\nfrom pyodide.ffi import create_proxy\nfs = pyodide_js.FS\nfs.mkdir("/idb")\nfs.mount(fs.filesystems.IDBFS, None, "/idb")\nsaid = []\nfs.syncfs(True, create_proxy(lambda error=None: said.append(error)))\n${rounds}\n    if said: break\n    await asyncio.sleep(${ROUND_MS / 1000})\nprint("SHUT by silence" if not said else f"SHUT by {said[0]}" if said[0] else "OPEN")`,
    'other-files':
      'import os\nfor p in ("/mnt/data/../other", "/mnt/data/../../opfs", "/work", "/etc/passwd", "/proc/self/environ"):\n    if os.path.exists(p): print("OPEN", p)\nprint("SHUT by answer")',
    'os-system': 'import posix\ncode = posix.system("true")\nprint("OPEN" if code == 0 else f"SHUT with {code}")',
    subprocess: 'import subprocess\nsubprocess.run(["true"])\nprint("OPEN")',
    fork: 'import os\nos.fork()\nprint("OPEN")',
    exec: 'import os\nos.execv("/bin/true", ["true"])\nprint("OPEN")',
  };
}
