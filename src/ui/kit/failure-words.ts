import { signal } from '@preact/signals';
import type { AppError, AppErrorCode } from '../../contracts/errors.ts';
import type { Failure } from '../../contracts/failure.ts';
import { PAGE_FAILURES } from '../../contracts/page-failures.ts';

type Words = Readonly<Partial<Record<AppErrorCode, Failure>>>;
/** Null where there is nobody to ask now. */
type WordsSource = () => Promise<Words | null>;

const words = signal<Words>(PAGE_FAILURES);
let source: WordsSource | null = null;
let asking: Promise<void> | null = null;

/** What to say until the words are known: the code says at least what it is about. */
const unknown = (code: AppErrorCode): Failure => ({
  title: `Something went wrong (${code})`,
  explanation: '',
  suggestions: [],
  actions: [],
});

/** Takes the table of failures; what shows one is drawn again. */
export function learnFailures(table: Words): void {
  words.value = table;
}

/** Where the table comes from when a failure is first shown that this page has no words for. */
export function askForFailures(from: WordsSource): void {
  source = from;
}

async function askOnce(): Promise<void> {
  const table = (await source?.()) ?? null;
  if (table === null) return;
  source = null;
  learnFailures(table);
}

/** Whoever asks meanwhile waits for the same answer. */
function ask(): Promise<void> {
  asking ??= askOnce().finally(() => (asking = null));
  return asking;
}

/** The words for a failure; read within a component it follows what is learnt later. */
export function wordsOf(code: AppErrorCode): Failure {
  const known = words.value[code];
  if (known === undefined) void ask();
  return known ?? unknown(code);
}

/** The words for a failure, once they are there; for text that is not drawn again. */
export async function awaitWordsOf(code: AppErrorCode): Promise<Failure> {
  if (words.value[code] === undefined) await ask();
  return wordsOf(code);
}

/** A failure in one line, for a note, which is not drawn again. */
export const sentenceOf = async ({ code }: AppError): Promise<string> => (await awaitWordsOf(code)).title;
