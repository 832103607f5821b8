import { createParser } from 'eventsource-parser';

export interface SseEvent {
  /** Trimmed; empty when the event has none. */
  readonly name: string;
  readonly text: string;
  /** The body ended before the event's closing blank line. */
  readonly isLast: boolean;
}

export interface SseReader {
  readBytes(bytes: Uint8Array): void;
  readText(text: string): void;
  /** Bytes are missing from here on: the event that they were part of must not grow together with what comes. */
  losePiece(): void;
  /** Ends the body: hands over what is unfinished, marked `isLast`. The reader can then start on another body. */
  end(): void;
}

interface SseReaderOptions {
  /** Data longer than this many UTF-16 units is not held: the event is dropped and reported. */
  readonly eventUtf16: number;
  readonly onEvent: (event: SseEvent) => void;
  /** `name` is null when the event was dropped before its name was known. */
  readonly onOversized: (name: string | null) => void;
}

// The package's own overflow stops for good and forgets where in the piece it stopped. Small pieces make the place
// findable: an event that overflows began in an earlier piece, so its end is the first blank line of this one.
const PIECE_UTF16 = 16 * 1024;
const FIELD_NAME_UTF16 = 16;
const BLANK_LINE = /\n[\r\n]|\r\r/;

/**
 * Reads event-stream text cut anywhere (rules S1 to S5, S10, L1). Framing is eventsource-parser's; what is added is a
 * bound after which reading goes on with the next event, and the end of a body.
 */
export function createSseReader({ eventUtf16, onEvent, onOversized }: SseReaderOptions): SseReader {
  // The parser drops the byte order mark itself.
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  let isEnding = false;
  let hasOverflowed = false;
  let isSkipping = false;
  /** The last text that was read; what comes may belong to its last character. */
  let before = '';
  /** The begin of an event: the parser takes whole events in half the time that it takes for halves of lines. */
  let held = '';
  /** The last text, held or not, ended a line. */
  let endedLine = false;
  /** Lines may end in more ways than one: nothing is held any more. */
  let hasReturns = false;
  /** A character may be half read. */
  let hasBytes = false;

  const parser = createParser({
    maxBufferSize: eventUtf16 + PIECE_UTF16 + FIELD_NAME_UTF16,
    onEvent: ({ event = '', data, id = '' }) => {
      const name = event.trim();
      if (data.length > eventUtf16 || event.length > eventUtf16 || id.length > eventUtf16) onOversized(name);
      else onEvent({ name, text: data, isLast: isEnding });
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') hasOverflowed = true;
    },
  });

  const skip = (piece: string): string => {
    const window = before.slice(-1) + piece;
    const blank = BLANK_LINE.exec(window);
    before = window;
    if (!blank) return '';
    isSkipping = false;
    return window.slice(blank.index + 2);
  };

  const readPiece = (piece: string): void => {
    const text = isSkipping ? skip(piece) : piece;
    if (text === '') return;
    parser.feed(text);
    if (hasOverflowed) {
      hasOverflowed = false;
      isSkipping = true;
      parser.reset();
      onOversized(null);
      const rest = skip(text);
      if (rest !== '') readPiece(rest);
      return;
    }
    before = text;
  };

  const readHeld = (): void => {
    if (held === '') return;
    const text = held;
    held = '';
    readPiece(text);
  };

  /** Up to where the text ends whole events; the first of two line ends may have come before it. */
  const endOfEvents = (text: string): number => {
    const blank = text.lastIndexOf('\n\n');
    if (blank !== -1) return blank + 2;
    return endedLine && text.startsWith('\n') ? 1 : 0;
  };

  const readText = (text: string): void => {
    if (text === '') return;
    const end = endOfEvents(text);
    endedLine = text.endsWith('\n');
    hasReturns ||= text.includes('\r');
    if (hasReturns || isSkipping || held.length + text.length > PIECE_UTF16) {
      readHeld();
      for (let at = 0; at < text.length; at += PIECE_UTF16) readPiece(text.slice(at, at + PIECE_UTF16));
    } else if (end === 0) held += text;
    else {
      const events = held + text.slice(0, end);
      held = text.slice(end);
      readPiece(events);
    }
  };

  return {
    readBytes: (bytes) => {
      hasBytes = true;
      readText(utf8.decode(bytes, { stream: true }));
    },
    readText,
    losePiece: () => {
      parser.reset();
      utf8.decode();
      isSkipping = true;
      before = '';
      held = '';
      endedLine = false;
    },
    end: () => {
      if (hasBytes) readText(utf8.decode());
      hasBytes = false;
      readHeld();
      isEnding = true;
      // A line end for the last line, one for the blank line, one more in case the first belongs to a CR already read.
      if (!isSkipping && !before.endsWith('\n\n')) parser.feed('\n\n\n');
      isEnding = false;
      isSkipping = false;
      before = '';
      endedLine = false;
      hasReturns = false;
      parser.reset();
    },
  };
}
