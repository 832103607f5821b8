import type { Analysis, CodeLanguage } from '../../contracts/analysis.ts';
import type { LanguageCapabilities } from '../../contracts/doors/engine.ts';
import type { Place } from '../../contracts/selection.ts';
import type { Past } from '../past-runs.ts';

/** What of an analysis is weighed. */
export type WeighedAnalysis = Pick<
  Analysis,
  | 'syntaxErrors'
  | 'dependencies'
  | 'network'
  | 'files'
  | 'fileAccess'
  | 'unsafe'
  | 'endlessLoops'
  | 'readsInput'
  | 'usesScreen'
  | 'usesThreads'
  | 'usesProcesses'
  | 'estimate'
  | 'risk'
  | 'band'
  | 'reasons'
>;

/** What is possible now. */
export interface Surroundings {
  /** One row a language that has an engine here. */
  readonly engines: readonly LanguageCapabilities[];
  /** An engine elsewhere (a Jupyter server of the person's own) that answers, by language. */
  readonly remote: readonly CodeLanguage[];
  /** Origins that the person lets programs of this conversation reach (`https://api.example.org`). */
  readonly origins: readonly string[];
}

/** From here on a program is advised to run elsewhere; a person sets them. */
export interface HereBounds {
  readonly timeMs: number;
  readonly memoryMB: number;
}

/** What the person chose, the narrower first; null where nothing. */
export interface Choices {
  readonly once: Place | null;
  readonly session: Place | null;
  readonly language: Place | null;
}

export interface SelectInput {
  readonly language: CodeLanguage;
  readonly code: string;
  readonly analysis: WeighedAnalysis;
  readonly surroundings: Surroundings;
  readonly bounds: HereBounds;
  readonly choices: Choices;
  readonly past: Past;
}
