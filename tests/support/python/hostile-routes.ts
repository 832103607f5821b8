import type { CanaryServer } from '../box/canary-server.ts';

/** Python programs that try to get out; each prints OPEN… where it got something, and raises or prints SHUT otherwise. */
export function hostileRoutes({ http, ws }: CanaryServer, tag: string): Readonly<Record<string, string>> {
  const url = (route: string): string => `${http}/${tag}/${route}`;
  const port = new URL(http).port;
  const makeFunction = 'from pyodide.ffi import to_js\nmake = to_js([1]).constructor.constructor\n';
  const evalByC = (source: string): string =>
    `import ctypes\nrun = ctypes.CDLL(None).emscripten_run_script_int\nrun.argtypes = [ctypes.c_char_p]\nprint("OPEN" if run(${JSON.stringify(source)}.encode()) == 1 else "SHUT")`;
  return {
    'js-fetch': `import js\nawait js.fetch("${url('js-fetch')}")\nprint("OPEN")`,
    'js-xhr': `import js\nx = js.XMLHttpRequest.new()\nx.open("GET", "${url('js-xhr')}", False)\nx.send()\nprint("OPEN", x.status)`,
    'js-websocket': `import js\njs.WebSocket.new("${ws}/${tag}/js-websocket")\nprint("OPEN")`,
    'js-eventsource': `import js\njs.EventSource.new("${url('js-eventsource')}")\nprint("OPEN")`,
    'js-importscripts': `import js\njs.importScripts("${url('js-importscripts')}")\nprint("OPEN")`,
    'js-worker': `import js\njs.Worker.new("data:text/javascript,fetch('${url('js-worker')}')")\nprint("OPEN")`,
    'js-indexeddb': 'import js\njs.indexedDB.open("x")\nprint("OPEN")',
    'js-caches': 'import js\nawait js.caches.open("x")\nprint("OPEN")',
    'js-storage': 'import js\nawait js.navigator.storage.getDirectory()\nprint("OPEN")',
    'js-broadcast': 'import js\njs.BroadcastChannel.new("x")\nprint("OPEN")',
    'js-chrome': 'import js\nprint("OPEN", js.chrome.runtime.id)',
    'run-js': `from pyodide.code import run_js\nrun_js("fetch('${url('run-js')}')")\nprint("OPEN")`,
    pyfetch: `from pyodide.http import pyfetch\nawait pyfetch("${url('pyfetch')}")\nprint("OPEN")`,
    'open-url': `from pyodide.http import open_url\nopen_url("${url('open-url')}")\nprint("OPEN")`,
    'function-fetch': `${makeFunction}f = make("return fetch('${url('function-fetch')}').then(r => r.status)")\nprint("OPEN", f())`,
    'function-xhr': `${makeFunction}f = make("const x = new XMLHttpRequest(); x.open('GET', '${url('function-xhr')}', false); x.send(); return x.status")\nprint("OPEN", f())`,
    'function-import': `${makeFunction}f = make("return import('${url('function-import')}')")\nprint(type(f()))`,
    'function-import-data': `${makeFunction}f = make("return import('data:text/javascript,fetch(\\"${url('function-import-data')}\\")')")\nf()\nimport time\ntime.sleep(0.3)`,
    'function-websocket': `${makeFunction}f = make("return new WebSocket('${ws}/${tag}/function-websocket')")\nf()\nprint("OPEN")`,
    'function-worker': `${makeFunction}f = make("return new Worker(URL.createObjectURL(new Blob(['fetch(\\"${url('function-worker')}\\")'])))")\nf()\nprint("OPEN")`,
    'function-parent': `${makeFunction}print("OPEN" if make("return typeof chrome !== 'undefined' || typeof browser !== 'undefined'")() else "SHUT")`,
    'function-prototype': `${makeFunction}f = make("let o = globalThis, seen = []; while (o) { for (const k of Object.getOwnPropertyNames(o)) if (/^(fetch|XMLHttpRequest|WebSocket|WebSocketStream|WebTransport|EventSource|importScripts|Worker|SharedWorker|indexedDB|caches|BroadcastChannel|RTCPeerConnection|MessageChannel|postMessage|navigator|location|Blob|URL|Request|FileReaderSync|cookieStore)$/.test(k)) seen.push(k); o = Object.getPrototypeOf(o) } return seen.join()")\nnames = f()\nprint("OPEN " + names if names else "SHUT")`,
    'c-eval-fetch': evalByC(`typeof fetch === "function" ? (fetch("${url('c-eval-fetch')}"), 1) : 0`),
    'c-eval-xhr': evalByC('typeof XMLHttpRequest === "function" ? 1 : 0'),
    'c-wget': `import ctypes\nctypes.CDLL(None).emscripten_async_wget(b"${url('c-wget')}", b"/tmp/x", 0, 0)\nprint("SHUT")`,
    socket: `import socket\nsocket.create_connection(("127.0.0.1", ${port}), timeout=2)\nprint("OPEN")`,
    'socket-unpatched': `import _socket\ns = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)\ns.connect(("127.0.0.1", ${port}))\ns.send(b"GET /${tag}/socket-unpatched HTTP/1.0\\r\\n\\r\\n")\nimport time\ntime.sleep(0.3)\nprint("OPEN")`,
    urllib: `import urllib.request\nurllib.request.urlopen("${url('urllib')}")\nprint("OPEN")`,
    'http-client': `import http.client\nc = http.client.HTTPConnection("127.0.0.1", ${port}, timeout=2)\nc.request("GET", "/${tag}/http-client")\nprint("OPEN")`,
    requests: `import requests\nrequests.get("${url('requests')}")\nprint("OPEN")`,
    'load-package': `import pyodide_js\nawait pyodide_js.loadPackage("${url('load-package')}.whl")\nimport time\ntime.sleep(0.3)\nprint("SHUT")`,
    'native-files': 'import pyodide_js\nawait pyodide_js.mountNativeFS("/native", None)\nprint("OPEN")',
    idbfs:
      'import pyodide_js\nfs = pyodide_js.FS\nfs.mkdir("/idb")\nfs.mount(fs.filesystems.IDBFS, None, "/idb")\nseen = []\nfs.syncfs(True, lambda e=None: seen.append(e))\nimport time\ntime.sleep(0.3)\nprint("OPEN" if seen and not seen[0] else "SHUT")',
    'os-system': 'import os\nprint("OPEN" if os.system("true") == 0 else "SHUT")',
    subprocess: 'import subprocess\nsubprocess.run(["true"])\nprint("OPEN")',
    fork: 'import os\nos.fork()\nprint("OPEN")',
    'other-files':
      'import os\nfor p in ("/mnt/data/../other", "/mnt/data/../../opfs", "/work", "/etc/passwd", "/proc/self/environ"):\n    if os.path.exists(p): print("OPEN", p)\nprint("SHUT")',
  };
}
