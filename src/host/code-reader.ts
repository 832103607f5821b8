import type { Analyser, KnownPackages } from '../analysis/index.ts';
import { javascriptPackages } from '../runners/javascript/index.ts';
import { luaPackages } from '../runners/lua/index.ts';
import pythonPackages from '../runners/python/packages.generated.json' with { type: 'json' };
import type { Analyse } from './decisions.ts';

/** What the engines of this product have, by their own tables. */
const packages: KnownPackages = {
  python: pythonPackages as KnownPackages['python'],
  javascript: javascriptPackages,
  lua: luaPackages,
};

/** Reads code by its grammars. They are large, and loaded when code is read for the first time. */
export function createCodeReader(): Analyse {
  let loading: Promise<Analyser> | null = null;
  const load = async (): Promise<Analyser> => {
    const { createAnalyser } = await import('../analysis/index.ts');
    return createAnalyser({ packages });
  };
  return async (request) => {
    loading ??= load();
    try {
      return (await loading).analyse(request);
    } catch (cause) {
      loading = null;
      throw cause;
    }
  };
}
