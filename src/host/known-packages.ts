import type { KnownPackages } from '../analysis/index.ts';
import { javascriptPackages } from '../runners/javascript/index.ts';
import type { EngineSource } from '../runners/kit/index.ts';
import { luaPackages } from '../runners/lua/index.ts';

/** Where Python's table lies: with its engine's files, since a build may have more packages than another. */
export type PythonFiles = Pick<EngineSource, 'load'>;

/** What the engines of this product have, by their own tables. Large: wanted when code is read, and loaded then. */
export async function knownPackages(python: PythonFiles): Promise<KnownPackages> {
  const table = await (await python.load('known-packages.json')).text();
  return {
    python: JSON.parse(table) as KnownPackages['python'],
    javascript: javascriptPackages,
    lua: luaPackages,
  };
}
