// What plain `loadPyodide` costs in a box: Pyodide's own scripts and files, started as its documentation says, and a
// `print`. No saved heap, no module compiled ahead, nothing of the product's own worker.
import type { EngineDelivery } from '../../src/contracts/box.ts';

interface PlainScope {
  fetch: unknown;
  importScripts: unknown;
  readonly loadPyodide: (options: {
    readonly indexURL: string;
    readonly stdout: (line: string) => void;
  }) => Promise<{ runPython(code: string): unknown }>;
  postMessage(message: unknown): void;
  addEventListener(kind: 'message', listener: (event: MessageEvent<EngineDelivery>) => void): void;
}

/** Pyodide's names of files that are vendored under others. */
const VENDORED: Readonly<Record<string, string>> = {
  'python_stdlib.zip': 'python-stdlib.bin',
  'pyodide-lock.json': 'lock.json',
};

const scope = globalThis as unknown as PlainScope;

async function loadAndPrint(files: EngineDelivery['files']): Promise<void> {
  // A box has no network: what Pyodide fetches is answered with the same bytes, as a server on this machine would.
  scope.fetch = async (address: unknown) => {
    const asked = String(address).split('/').pop() ?? '';
    const bytes = files[VENDORED[asked] ?? asked];
    if (!bytes) throw new TypeError(`there is no ${asked}`);
    return new Response(bytes, { headers: { 'content-type': asked.endsWith('.wasm') ? 'application/wasm' : '' } });
  };
  scope.importScripts = () => undefined; // the second script is evaluated with the first
  // eslint-disable-next-line no-eval -- in the box, whose policy allows it for just this: scripts that came as bytes
  const evaluate = globalThis.eval;
  for (const name of ['pyodide.js', 'pyodide.asm.js']) evaluate(new TextDecoder().decode(files[name]));
  const stdout = (line: string): void => scope.postMessage({ kind: 'stdout', line });
  const pyodide = await scope.loadPyodide({ indexURL: 'https://engine.invalid/', stdout });
  pyodide.runPython('print(1)');
}

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'engine')
    loadAndPrint(data.files).catch((error: unknown) => scope.postMessage({ kind: 'failed', line: String(error) }));
});
