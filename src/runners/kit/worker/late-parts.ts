import { joinBytes } from '../../../base/index.ts';
import { IMAGES_PATH } from '../../../contracts/mailbox.ts';
import { type AskMailbox, MAILBOX_WINDOW_BYTES } from './mailbox.ts';

export interface LateParts {
  loadSync(name: string): Uint8Array | null;
  load(name: string): Promise<Uint8Array | null>;
  /** The host's answer. */
  take(name: string, bytes: Uint8Array | null): void;
}

/**
 * A part of an engine by the mailbox, from `offset` on to its end or for `length` bytes; null where the host has none of that
 * name.
 */
export function readPart(
  mailbox: AskMailbox,
  name: string,
  { offset = 0, length = Number.POSITIVE_INFINITY } = {},
): Uint8Array<ArrayBuffer> | null {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const end = offset + length;
  for (let position = offset; ; ) {
    const asked = Math.min(MAILBOX_WINDOW_BYTES, end - position);
    const { errno, bytes } = mailbox({ op: 'read', path: IMAGES_PATH + name, position, length: asked });
    if (errno) return null;
    if (bytes.length > 0) pieces.push(bytes.slice());
    position += bytes.length;
    if (bytes.length < asked || position === end) return joinBytes(pieces);
  }
}

/** Parts of an engine that come when a program wants them: by the mailbox, or by message. Kept for the session. */
export function createLateParts(mailbox: AskMailbox | null, ask: (name: string) => void): LateParts {
  const kept = new Map<string, Uint8Array>();
  const wanted = new Map<string, ((bytes: Uint8Array | null) => void)[]>();
  const keep = (name: string, bytes: Uint8Array | null): Uint8Array | null => {
    if (bytes) kept.set(name, bytes);
    return bytes;
  };
  const loadSync = (name: string): Uint8Array | null => {
    const known = kept.get(name);
    if (known || !mailbox) return known ?? null;
    return keep(name, readPart(mailbox, name));
  };
  return {
    loadSync,
    async load(name) {
      if (mailbox || kept.has(name)) return loadSync(name);
      return new Promise((settle) => {
        const waiting = wanted.get(name);
        if (waiting) waiting.push(settle);
        else {
          wanted.set(name, [settle]);
          ask(name);
        }
      });
    },
    take(name, bytes) {
      keep(name, bytes);
      for (const settle of wanted.get(name) ?? []) settle(bytes);
      wanted.delete(name);
    },
  };
}
