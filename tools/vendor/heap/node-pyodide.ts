import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EmscriptenModule } from '../../../src/runners/python/heap/index.ts';

/** What the tools use of Pyodide, undocumented parts included. */
export interface NodePyodide {
  readonly version: string;
  readonly _module: EmscriptenModule;
  runPython(code: string): unknown;
  runPythonAsync(code: string): Promise<unknown>;
  makeMemorySnapshot(): Uint8Array;
  mountNodeFS(path: string, folder: string): void;
  readonly FS: { readFile(path: string): Uint8Array };
}

type CreateModule = (settings: object) => Promise<EmscriptenModule>;

/** A lock file that names no packages: whatever is installed lies in the image, nothing is ever fetched. */
export async function emptyLock(
  folder: string,
): Promise<{ info: Record<string, string>; packages: Record<string, never> }> {
  const lock = JSON.parse(await readFile(join(folder, 'pyodide-lock.json'), 'utf8')) as {
    info: Record<string, string>;
  };
  return { info: lock.info, packages: {} };
}

/**
 * Starts Pyodide of a folder in this process. `whenCreated` runs after the main module exists and before a heap is
 * restored: the moment for replay, for mounting and for the heap itself, by the `settings` that the module was made with.
 */
export async function loadPyodideFrom(
  folder: string,
  options: Record<string, unknown> = {},
  whenCreated: (main: EmscriptenModule, settings: object) => void = () => undefined,
): Promise<NodePyodide> {
  const loader = (await import(pathToFileURL(join(folder, 'pyodide.mjs')).href)) as {
    loadPyodide(options: Record<string, unknown>): Promise<NodePyodide>;
  };
  const world = globalThis as { _createPyodideModule?: CreateModule };
  if (!world._createPyodideModule) await import(pathToFileURL(join(folder, 'pyodide.asm.js')).href);
  const create = world._createPyodideModule;
  if (!create) throw new Error('pyodide.asm.js defined no _createPyodideModule');
  world._createPyodideModule = async (settings) => {
    const main = await create(settings);
    whenCreated(main, settings);
    return main;
  };
  try {
    return await loader.loadPyodide({ indexURL: `${folder}/`, lockFileContents: await emptyLock(folder), ...options });
  } finally {
    world._createPyodideModule = create;
  }
}

/** Build id that Pyodide compares with a saved heap; written into its loader. */
export async function readBuildId(folder: string): Promise<string> {
  const match = /BUILD_ID:"([0-9a-f]+)"/.exec(await readFile(join(folder, 'pyodide.mjs'), 'utf8'));
  if (match?.[1] === undefined) throw new Error('pyodide.mjs names no BUILD_ID');
  return match[1];
}
