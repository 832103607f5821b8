import type { Analysis } from '../../src/contracts/analysis.ts';
import type { LanguageCapabilities } from '../../src/contracts/doors/engine.ts';
import type { Language } from '../../src/contracts/run.ts';
import { select } from '../../src/execution/index.ts';

const ENGINES: readonly Language[] = ['python', 'javascript', 'typescript', 'lua', 'wasm'];
const engines: readonly LanguageCapabilities[] = ENGINES.map((language) => ({
  language,
  runner: language,
  keepsVariables: true,
  readsInput: true,
  showsFigures: language === 'python',
  hostFunctions: true,
  memoryMB: 256,
  cannot: [],
}));

/** Where the selector would run it, for somebody who chose nothing and has run nothing yet. */
export function strategyOf(analysis: Analysis, code: string): { strategy: string; reasons: readonly string[] } {
  const decision = select({
    language: analysis.language,
    code,
    analysis,
    surroundings: { engines, remote: [], isNetworkAllowed: false },
    bounds: { timeMs: 30_000, memoryMB: 256 },
    choices: { once: null, session: null, language: null },
    past: { same: null, alike: null },
  });
  return { strategy: decision.place, reasons: decision.reasons };
}
