export type StreamName = 'stdout' | 'stderr';

export interface OutputPiece {
  readonly stream: StreamName;
  readonly text: string;
}

export interface HeldOutput {
  readonly utf16: number;
  add(stream: StreamName, text: string): void;
  /** What was added since the last time, and nothing is held any more. */
  take(): readonly OutputPiece[];
}

/** Changes of stream that are kept exactly: more than a person follows, and few enough to be one message each. */
const EXACT_CHANGES = 4_000;

/**
 * Printed text of one run that waits to be sent, in order. A program that changes the stream with every line would cost a
 * message a line for as long as it runs; after so many changes only what one batch holds is put together by stream.
 */
export function holdOutput(): HeldOutput {
  let pieces: { stream: StreamName; text: string }[] = [];
  let latest: StreamName | null = null;
  let changes = 0;
  let utf16 = 0;
  return {
    get utf16() {
      return utf16;
    },
    add(stream, text) {
      if (text === '') return;
      utf16 += text.length;
      if (latest !== null && latest !== stream) changes += 1;
      latest = stream;
      const last = changes <= EXACT_CHANGES ? pieces.at(-1) : pieces.findLast((piece) => piece.stream === stream);
      if (last?.stream === stream) last.text += text;
      else pieces.push({ stream, text });
    },
    take() {
      const taken = pieces;
      pieces = [];
      utf16 = 0;
      return taken;
    },
  };
}
