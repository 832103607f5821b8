import type { KnownPackages } from '../analysis/index.ts';
import { javascriptPackages } from '../runners/javascript/index.ts';
import { luaPackages } from '../runners/lua/index.ts';
import pythonPackages from '../runners/python/packages.generated.json' with { type: 'json' };

/** What the engines of this product have, by their own tables. Large: wanted when code is read, and loaded then. */
export const knownPackages: KnownPackages = {
  python: pythonPackages as KnownPackages['python'],
  javascript: javascriptPackages,
  lua: luaPackages,
};
