import type { Result } from '../../base/index.ts';
import type { AppError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';

/**
 * What a person types, on its way: one message at a time, and what is typed meanwhile goes with the next. `send` settles
 * when it was taken.
 */
export function createTyping(send: (text: string) => Promise<Result<null, AppError>>): (text: string) => void {
  let waiting = '';
  let isSending = false;
  const pump = async (): Promise<void> => {
    isSending = true;
    while (waiting !== '') {
      const text = waiting.slice(0, LIMITS.terminalInputUtf16.standard);
      waiting = waiting.slice(text.length);
      const sent = await send(text);
      if (!sent.ok) waiting = ''; // the terminal is gone, and says so by itself
    }
    isSending = false;
  };
  return (text) => {
    waiting += text;
    if (!isSending) void pump();
  };
}

/**
 * What of a text may be pasted: no control character but tabs and line breaks. Text that was copied from somewhere could else
 * hold keys that nobody pressed, such as the end of a bracketed paste (CSI 201~) and then a command with its Enter.
 */
export function pasteable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (control) => ('\t\n\r'.includes(control) ? control : ''));
}

/** The control character of a key, as a keyboard's Ctrl makes it; the key itself where it has none. */
export function withControl(text: string): string {
  const code = text.toUpperCase().codePointAt(0) ?? 0;
  return text.length === 1 && code >= 0x40 && code <= 0x5f ? String.fromCodePoint(code & 0x1f) : text;
}
