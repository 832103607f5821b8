import type { Analysis } from '../../src/contracts/analysis.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { capabilitiesOf, select } from '../../src/execution/index.ts';
import { createRunners } from '../../src/host/registry.ts';

const nothing = (): never => {
  throw new Error('no engine is started to read code');
};

/** What the product's runners can do, as their manifests say. */
export const productEngines = capabilitiesOf(
  createRunners({
    sourceOf: () => ({ load: nothing, script: nothing }),
    pythonStart: nothing,
    isMemoryShort: () => false,
  }),
);

/** Where the selector would run it, for somebody who chose nothing and has run nothing yet. */
export function strategyOf(analysis: Analysis, code: string): { strategy: string; reasons: readonly string[] } {
  const decision = select({
    language: analysis.language,
    code,
    analysis,
    surroundings: { engines: productEngines, remote: [], origins: [] },
    bounds: { timeMs: LIMITS.hereTimeMs.standard, memoryMB: LIMITS.hereMemoryMB.standard },
    choices: { once: null, session: null, language: null },
    past: { same: null, alike: null },
  });
  return { strategy: decision.place, reasons: decision.reasons };
}
