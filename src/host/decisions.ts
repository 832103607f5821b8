import { ok } from '../base/index.ts';
import type { Analysis, AnalysisRequest } from '../contracts/analysis.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { Language } from '../contracts/run.ts';
import type { Place, Selection } from '../contracts/selection.ts';
import type { Settings } from '../contracts/settings.ts';
import { commandsToAsk } from './commands-to-ask.ts';
import type { CodeReading } from './reading/index.ts';
import {
  type PastRuns,
  programOf,
  type ReadProgram,
  select,
  type SessionChoiceBook,
  type Surroundings,
} from '../execution/index.ts';
import { seenIn } from './seen-in.ts';

/** Reads code without running it; the reader itself is loaded when first asked for. */
export type Analyse = (request: AnalysisRequest) => Promise<Analysis>;

export interface DecisionParts {
  readonly analyse: Analyse;
  readonly reading: Pick<CodeReading, 'asked'>;
  readonly past: PastRuns;
  readonly choices: SessionChoiceBook;
  readonly surroundings: (sessionId: SessionId) => Promise<Surroundings>;
  readonly settings: () => Settings;
}

/** What programs of one kind have in common for the time and memory they take. */
const kindOfAnalysis = ({ language, imports, estimate }: Analysis): string =>
  `${language} ${estimate.timeClass} ${imports.join(',')}`;

/** What the reading of a program tells of its needs. */
export const programsBy =
  (analyse: Analyse) =>
  async (code: string, language: string): Promise<ReadProgram> => {
    const analysis = await analyse({ code, label: language });
    const { estimate } = analysis;
    return { kind: kindOfAnalysis(analysis), estimate: estimate.memoryMB > 0 ? estimate : null };
  };

/**
 * Reads the code and says where it should run: analysis, this device's past, what is set and what the person chose.
 * Rejects with ReaderFailed where the code, or what a shell would start of it, cannot be read.
 */
export async function decide(
  parts: DecisionParts,
  request: {
    readonly sessionId: SessionId;
    readonly language: Language | null;
    readonly label: string | null;
    readonly code: string;
    readonly once?: Place;
  },
): Promise<Selection> {
  const { sessionId, code, label } = request;
  const analysis = await parts.analyse({ code, label: request.language ?? label });
  const language = request.language ?? analysis.language;
  await parts.choices.ready;
  const { places } = parts.choices.of(sessionId);
  const { hereTimeMs, hereMemoryMB, places: general } = parts.settings();
  // Languages without an engine are in none of these.
  const runnable = language as Language;
  const decision = select({
    language,
    code,
    analysis,
    surroundings: await parts.surroundings(sessionId),
    bounds: { timeMs: hereTimeMs, memoryMB: hereMemoryMB },
    choices: {
      once: request.once ?? null,
      session: places[runnable] ?? places.all ?? null,
      language: general[runnable] ?? null,
    },
    past: await parts.past.find(programOf(language, code), kindOfAnalysis(analysis)),
  });
  const isDetected =
    request.language === null && (analysis.languageFrom === 'syntax' || analysis.languageFrom === 'shebang');
  const asked = language === 'shell' ? await commandsToAsk(parts, sessionId, code) : ok([]);
  if (!asked.ok) throw asked.error;
  return { language, isDetected, decision, seen: seenIn(analysis, decision), asked: asked.value };
}
