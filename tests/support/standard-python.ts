import table from '../../src/runners/python/packages.generated.json' with { type: 'json' };
import type { EngineSource } from '../../src/runners/kit/index.ts';

/** Python's table of packages as every build has it that nothing was added to. */
export const standardPython: Pick<EngineSource, 'load'> = {
  load: () => Promise.resolve(new Blob([JSON.stringify(table)])),
};
