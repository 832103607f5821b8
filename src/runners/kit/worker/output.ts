import { holdText } from '../../../base/index.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';
import type { KeptFiles } from './kept-files.ts';

const HELD_UNITS = 16_384;
const HELD_MS = 8;
const FILE_PIECE_UNITS = 256 * 1024;

export interface Output {
  begin(): void;
  /** False once the run has printed more than may be kept. */
  write(stream: 1 | 2, text: string): boolean;
  flush(): void;
  /** Called often while the program is busy. */
  tick(): void;
  end(): void;
}

/**
 * Printed text in order. What is written soon after the last message is held for a moment, so that a flood becomes few
 * messages; past the bound that is shown the rest goes to a file.
 */
export function createOutput(options: {
  send: (event: WorkerEvent) => void;
  kept: Pick<KeptFiles, 'pathFor'>;
  shownBytes?: number;
  fileBytes?: number;
}): Output {
  const { send, kept } = options;
  const shownMost = options.shownBytes ?? LIMITS.outputShownBytes.standard;
  const fileMost = options.fileBytes ?? LIMITS.outputFileBytes.standard;
  const now = performance.now.bind(performance);
  const encoder = new TextEncoder();
  let held = holdText<'stdout' | 'stderr'>();
  let sentAt = 0;
  let shown = 0;
  let filed = 0;
  let pieces: string[] = [];
  let pieceUnits = 0;
  let path = '';
  let isCut = false;

  const flush = (): void => {
    if (held.utf16 === 0) return;
    sentAt = now();
    for (const { stream, text } of held.take()) send({ kind: 'output', stream, text });
  };
  const flushFile = (): void => {
    if (!pieces.length) return;
    const bytes = encoder.encode(pieces.join(''));
    pieces = [];
    pieceUnits = 0;
    const position = filed;
    filed += bytes.length;
    const truncateTo = position === 0 ? 0 : null;
    send({ kind: 'fileOut', change: { op: 'write', path, position, bytes, truncateTo } });
  };
  const cut = (): void => {
    isCut = true;
    flush();
    path = kept.pathFor('output.txt');
    send({ kind: 'truncated', shownBytes: shown, path });
  };
  return {
    begin() {
      held = holdText();
      pieces = [];
      shown = filed = pieceUnits = 0;
      isCut = false;
      sentAt = 0;
    },
    write(number, text) {
      if (!text) return true;
      const stream = number === 1 ? 'stdout' : 'stderr';
      // UTF-16 units: for the bound of what is shown, a cheap and never larger stand-in for bytes.
      if (!isCut && shown + text.length > shownMost) {
        const room = shownMost - shown;
        held.add(stream, text.slice(0, room));
        shown += room;
        cut();
        text = text.slice(room);
      }
      if (isCut) {
        // A program may go on until it hears of the limit: no more of it is kept.
        if (filed + pieceUnits > fileMost) return false;
        pieces.push(text);
        pieceUnits += text.length;
        if (pieceUnits >= FILE_PIECE_UNITS) flushFile();
        return filed + pieceUnits <= fileMost;
      }
      held.add(stream, text);
      shown += text.length;
      // A line that is not over waits for its end, as a terminal's would.
      const isLine = text.endsWith('\n');
      if (held.utf16 >= HELD_UNITS || (isLine && now() - sentAt >= HELD_MS)) flush();
      return true;
    },
    flush,
    tick() {
      if (held.utf16 > 0 && now() - sentAt >= HELD_MS) flush();
    },
    end() {
      flush();
      flushFile();
    },
  };
}
