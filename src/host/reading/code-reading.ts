import type { Fix } from '../../analysis/index.ts';
import type { Result } from '../../base/index.ts';
import type { Analysis, AnalysisRequest, CodeLanguage, ParsedLanguage } from '../../contracts/analysis.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { AskedCommand } from '../../contracts/shell-consent.ts';

/** The reader itself failed: it did not start, was silent, or has a fault. */
export class ReaderFailed extends Error {
  constructor(why: string) {
    super(`the reader of code failed: ${why}`);
  }
}

/** What is asked about code, wherever it is read. Rejects only where the reader itself fails. */
export interface CodeReading {
  /** `rules` as a person wrote them, checked before; '' for the built-in ones alone. */
  readonly analyse: (request: AnalysisRequest, rules: string) => Promise<Analysis>;
  /** `settings/bad-value` says what is wrong with rules. */
  readonly check: (rules: string) => Promise<Result<null, AppError>>;
  /** Best first. */
  readonly fixes: (code: string, language: CodeLanguage) => Promise<readonly Fix[]>;
  /** Of code for a shell: the commands that a person is asked about before they run. */
  readonly asked: (code: string) => Promise<readonly AskedCommand[]>;
  /** Reads a piece of its own again and again, until the engine has compiled what reads this language. What is asked meanwhile goes first. */
  readonly warm: (language: ParsedLanguage) => Promise<void>;
}

/** Between the host and its worker; both are ours and of one build, so that types are enough. */
export interface ReadingRequest {
  readonly id: number;
  readonly method: keyof CodeReading;
  readonly args: readonly unknown[];
}

export interface ReadingReply {
  readonly id: number;
  readonly answer: Result<unknown, string>;
}
