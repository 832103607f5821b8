import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { nodePartFor } from '../../../tools/node-parts.ts';
import type { EngineSource } from '../../../src/runners/kit/index.ts';

const ROOT = join(import.meta.dirname, '../../..');
const scripts = new Map<string, Promise<string>>();

/** What v86 asks of Node, where it is in Node: a worker never is. */
export const NODE_ONLY = ['crypto', 'node:crypto', 'fs', 'node:fs/promises', 'perf_hooks'];

/** As the build resolves them. */
export const NODE_PARTS: Plugin = {
  name: 'node-parts',
  setup(building) {
    building.onResolve({ filter: /^[a-z]+$/ }, ({ path, importer }) => {
      const file = nodePartFor(path, importer);
      return file === null ? undefined : { path: file };
    });
  },
};

/** The script of a worker as the build makes it: one classic script. `module` names the file, from the root. */
export function workerScriptOf(module: string, plugins: readonly Plugin[] = []): Promise<string> {
  const known = plugins.length === 0 ? scripts.get(module) : undefined;
  const made = known ?? bundle(module, plugins);
  if (plugins.length === 0) scripts.set(module, made);
  return made;
}

async function bundle(module: string, plugins: readonly Plugin[]): Promise<string> {
  const made = await build({
    stdin: {
      contents: `import * as worker from './${module}'; for (const start of Object.values(worker)) start(globalThis);`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    plugins: [NODE_PARTS, ...plugins],
    external: NODE_ONLY,
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2023',
    write: false,
    logLevel: 'silent',
  });
  return made.outputFiles[0]?.text ?? '';
}

/** The engine of a runner of this working tree: vendored files and its worker, whose one export starts it. */
export function nodeSource(
  id: string,
  module = `src/runners/${id}/worker.ts`,
  folder = join(ROOT, 'public/vendor', id),
): EngineSource {
  return {
    load: async (name) => new Blob([await readFile(join(folder, name))]),
    script: () => workerScriptOf(module),
  };
}
