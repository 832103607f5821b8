export interface TextPiece<Stream extends string> {
  readonly stream: Stream;
  readonly text: string;
}

export interface HeldText<Stream extends string> {
  readonly utf16: number;
  add(stream: Stream, text: string): void;
  /** What was added since the last time, and nothing is held any more. */
  take(): readonly TextPiece<Stream>[];
}

/** Changes of stream that are kept exactly: more than a person follows, and few enough to be one piece each. */
const EXACT_CHANGES = 4_000;

/**
 * Text of several streams that waits to be sent, in order. Who changes the stream with every line would cost a piece a
 * line for ever; after so many changes only what one batch holds is put together by stream.
 */
export function holdText<Stream extends string>(): HeldText<Stream> {
  let pieces: { stream: Stream; text: string }[] = [];
  let latest: Stream | null = null;
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
