import { LIMITS } from '../../contracts/limits.ts';
import { createAnsiReader, type AnsiPiece } from '../kit/index.ts';

export type StreamName = 'stdout' | 'stderr';

export interface OutputLog {
  /** The scrolling box; its children are segments (`data-part` is the stream), in the order of printing. */
  readonly element: HTMLElement;
  /** Takes text; what is beyond the shown bound is dropped and `isCut` says so. */
  append(stream: StreamName, text: string): void;
  /** Does `write`, and shows the end again where the end was in view. Measuring lays out all there is: once for all that comes at once. */
  follow(write: () => void): void;
  /** What a stream printed, without control sequences, lines rewritten by a carriage return in their last state. */
  text(stream: StreamName): string;
  readonly isCut: boolean;
  readonly shownUtf16: number;
}

/** A chunk is laid out only while in view (`content-visibility`), so its size bounds the work for each frame. */
const CHUNK_UTF16 = 16_384;
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|.)/g;

function nodeOf(text: string, piece: AnsiPiece): Node {
  if (piece.classes.length === 0 && piece.color === null && piece.background === null)
    return document.createTextNode(text);
  const span = document.createElement('span');
  span.className = piece.classes.join(' ');
  if (piece.color !== null) span.style.color = piece.color;
  if (piece.background !== null) span.style.backgroundColor = piece.background;
  span.textContent = text;
  return span;
}

/** The last state of each line: a progress bar that rewrote its line a thousand times is one line. */
function settleReturns(text: string): string {
  if (!text.includes('\r')) return text;
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => {
      const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
      return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
    })
    .join('\n');
}

/** Writes output straight to the DOM, past the component tree: a flood must cost no more than its text. */
export function createOutputLog(options: { readonly mostUtf16?: number } = {}): OutputLog {
  const most = options.mostUtf16 ?? LIMITS.outputShownBytes.standard;
  const element = document.createElement('div');
  element.className = 'log';
  element.setAttribute('data-part', 'output');
  element.tabIndex = 0;
  element.setAttribute('role', 'log');
  element.setAttribute('aria-live', 'off');
  const readers = { stdout: createAnsiReader(), stderr: createAnsiReader() };
  const raw: Record<StreamName, string[]> = { stdout: [], stderr: [] };
  let segment: HTMLElement | null = null;
  let chunk: HTMLElement | null = null;
  let chunkUtf16 = 0;
  let shownUtf16 = 0;
  let isCut = false;
  // Nodes of the unfinished last line, which a carriage return takes away again.
  let lineNodes: Node[] = [];
  let hasReturn = false;

  const openChunk = (): HTMLElement => {
    const made = document.createElement('div');
    made.className = 'chunk';
    segment?.append(made);
    chunk = made;
    chunkUtf16 = 0;
    lineNodes = [];
    return made;
  };
  const openSegment = (stream: StreamName) => {
    const made = document.createElement('div');
    made.className = `segment ${stream}`;
    made.setAttribute('data-part', stream);
    element.append(made);
    segment = made;
    hasReturn = false;
    openChunk();
  };
  const put = (text: string, piece: AnsiPiece) => {
    if (text === '') return;
    if (hasReturn) {
      for (const node of lineNodes) (node as ChildNode).remove();
      lineNodes = [];
      hasReturn = false;
    }
    let rest = text;
    while (rest !== '') {
      const target = chunk === null || chunkUtf16 >= CHUNK_UTF16 ? openChunk() : chunk;
      const part = rest.slice(0, CHUNK_UTF16 - chunkUtf16);
      rest = rest.slice(part.length);
      chunkUtf16 += part.length;
      const node = nodeOf(part, piece);
      target.append(node);
      lineNodes.push(node);
    }
  };
  const putPiece = (piece: AnsiPiece) => {
    // CR LF is a plain line end; a lone CR rewrites the line.
    const text = piece.text.replaceAll('\r\n', '\n');
    const lastBreak = text.lastIndexOf('\n');
    const whole = settleReturns(text.slice(0, lastBreak + 1));
    if (whole !== '') {
      if (hasReturn && whole.startsWith('\n')) hasReturn = false;
      put(whole, piece);
      lineNodes = [];
    }
    const tail = text.slice(lastBreak + 1);
    const lastReturn = tail.lastIndexOf('\r');
    if (lastReturn === -1) return put(tail, piece);
    const kept = tail.slice(lastReturn + 1);
    hasReturn = true;
    if (kept !== '') return put(kept, piece);
    const before = tail.slice(0, lastReturn);
    if (before !== '') {
      put(before.slice(before.lastIndexOf('\r') + 1), piece);
      hasReturn = true;
    }
  };

  return {
    element,
    append(stream, text) {
      const left = most - shownUtf16;
      const taken = text.length > left ? text.slice(0, Math.max(0, left)) : text;
      if (taken.length < text.length) isCut = true;
      if (taken === '') return;
      shownUtf16 += taken.length;
      raw[stream].push(taken);
      if (segment?.getAttribute('data-part') !== stream) openSegment(stream);
      for (const piece of readers[stream].read(taken)) putPiece(piece);
    },
    follow(write) {
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
      write();
      if (isAtEnd) element.scrollTop = element.scrollHeight;
    },
    text: (stream) => settleReturns(raw[stream].join('').replace(SEQUENCES, '')),
    get isCut() {
      return isCut;
    },
    get shownUtf16() {
      return shownUtf16;
    },
  };
}
