import type { CapturedCall } from '../../contracts/capture.ts';

/** As a shell takes it literally. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * The code of a call as it runs here and as the card shows it. A folder that the call names is a first line of its own: in
 * another folder than that its commands could do harm.
 */
export function codeOf({ language, code, workingDirectory }: CapturedCall): string {
  if (language !== 'shell' || typeof workingDirectory !== 'string' || workingDirectory === '') return code;
  return `cd -- ${shellQuoted(workingDirectory)} || exit\n${code}`;
}
