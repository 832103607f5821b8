import type { Artifact } from '../../contracts/run.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { Outcome, ProgramError } from '../../contracts/outcome.ts';
import { formatBytes, wordsOf } from '../kit/index.ts';
import { COMMON_TEXTS, TEXTS } from '../texts.ts';

export interface ResultParts {
  /** What the language is called. */
  readonly language: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly outcome: Outcome;
  /** Pictures and files that go with the text, or could. */
  readonly artifacts: readonly Pick<Artifact, 'name' | 'path' | 'bytes'>[];
  /** Plain text of tables and other rich output, in order. */
  readonly displays: readonly string[];
}

/** Longest text of one part that goes to the composer; the page turns much more than this into an attachment. */
const PART_UTF16 = 3_000;

/** Keeps the beginning and the end of a long text and says what was left out; never splits a surrogate pair. */
export function cutMiddle(text: string, most = PART_UTF16): string {
  if (text.length <= most) return text;
  const isLow = (at: number) => {
    const unit = text.charCodeAt(at);
    return unit >= 0xdc00 && unit <= 0xdfff;
  };
  let head = Math.floor(most * 0.6);
  let tail = text.length - Math.floor(most * 0.4);
  if (isLow(head)) head -= 1;
  if (isLow(tail)) tail += 1;
  const left = text.slice(head, tail);
  const lines = left.split('\n').length - 1;
  const said = lines > 1 ? `${lines} lines` : formatBytes(left.length);
  return `${text.slice(0, head)}\n${TEXTS.composer.cut(said)}\n${text.slice(tail)}`;
}

/** How a run ended, in one line. */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'completed':
      return isFailure(outcome) ? COMMON_TEXTS.doneWithError : COMMON_TEXTS.done;
    case 'crashed':
      return `${COMMON_TEXTS.crashed}: ${wordsOf(outcome.code).title}`;
    case 'timedOut':
      return COMMON_TEXTS.timedOut;
    case 'cancelled':
      return COMMON_TEXTS.cancelled;
    case 'refused':
      return `${COMMON_TEXTS.refused}: ${wordsOf(outcome.code).title}`;
  }
}

/** Whether it ended otherwise than it should have; a run that somebody stopped did not. */
export const isFailure = (outcome: Outcome): boolean =>
  outcome.kind === 'completed' ? outcome.error !== null || outcome.exitCode !== 0 : outcome.kind !== 'cancelled';

/** What the language itself said of an error, in one line; empty where there was nothing to say. */
export const ownWords = ({ title, message }: Pick<ProgramError, 'title' | 'message'>): string =>
  [title, message].filter((text) => text !== '').join(': ');

/** An error as its language prints it, else in the table's words. */
export const errorText = (error: ProgramError, { title }: Pick<Failure, 'title'>): string =>
  error.traceback ?? ownWords({ title, message: ownWords(error) });

function fence(name: string, text: string): string {
  const body = cutMiddle(text.replace(/\n+$/, ''));
  // A fence longer than any in the text, so that printed Markdown cannot end it.
  const longest = Math.max(2, ...[...body.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${name}:\n${marks}\n${body}\n${marks}`;
}

/** Runners print the traceback as the language does; it is told once. */
function errorParts(stderr: string, outcome: Outcome): readonly string[] {
  const error = outcome.kind === 'completed' ? outcome.error : null;
  const traceback = error === null ? '' : errorText(error, wordsOf(error.code));
  const isPrinted = traceback !== '' && stderr.includes(traceback.trim());
  return [
    ...(stderr === '' ? [] : [fence('stderr', stderr)]),
    ...(traceback === '' || isPrinted ? [] : [fence('error', traceback)]),
  ];
}

/** The compact result that goes to the composer: what was printed, the value, errors, and the files by name and size. */
export function resultText({ language, stdout, stderr, outcome, artifacts, displays }: ResultParts): string {
  const result = outcome.kind === 'completed' ? outcome.result : null;
  const files = artifacts.map(({ name, path, bytes }) => `- ${path ?? name} (${formatBytes(bytes)})`);
  const parts = [
    ...(outcome.kind === 'completed' ? [] : [outcomeWords(outcome)]),
    ...(stdout === '' ? [] : [fence('stdout', stdout)]),
    ...errorParts(stderr, outcome),
    ...(result === null ? [] : [fence('result', result)]),
    ...displays.map((display) => fence('output', display)),
    ...(files.length === 0 ? [] : [`files:\n${cutMiddle(files.join('\n'))}`]),
  ];
  const body = parts.length === 0 ? [TEXTS.card.noOutput] : parts;
  return `${[TEXTS.composer.intro(language), ...body].join('\n\n')}\n`;
}
