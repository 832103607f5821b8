import { dropOldest } from '../drop-oldest.ts';
import { hasForbiddenKey, isObject, type JsonObject } from '../json.ts';
import type { WireLimits } from '../limits.ts';
import type { WireProblem } from '../wire-event.ts';
import { applyOperation, isOperation } from './operations.ts';
import { placedStart } from './plain-text.ts';
import { findSlot, parsePointer, readSlot, Refusal, writeSlot, type Slot } from './pointer.ts';

const DEEPEST_PATCH = 3;
const POINTERS_KEPT = 256;
const LONGEST_POINTER_KEPT = 256;
/** Places whose text is the message's text and nothing else of it. */
const TEXT = /^\/message\/content\/(?:text|parts\/\d+|thoughts\/\d+\/content)$/;

/** A text that is still being written, and where it stands: most frames only add to it. */
interface Growing {
  /** How a frame begins that names this very place. */
  readonly start: string;
  readonly document: DeltaDocument;
  readonly slot: Slot;
}

export interface DeltaDocument {
  readonly value: JsonObject;
  /** False once something that belongs to it may be missing (C5). */
  isWhole: boolean;
  /** Length of all frames that went into it: a bound on its size. */
  sizeUtf16: number;
}

/** The documents of one stream and what each frame carries over to the next (rules D1 to D5, D11, D12). */
export function createDeltaDocuments(
  limits: WireLimits,
  onProblem: (problem: WireProblem) => void,
  onSettle: (message: JsonObject) => void,
) {
  let documents = new Map<number, DeltaDocument>();
  let channel = 0;
  let lastOperation = 'add';
  let lastPath = '';
  let isKnownEncoding = true;
  let growing: Growing | null = null;
  let lastStart: { readonly path: string; readonly start: string } = { path: '', start: placedStart('') };
  const pointers = new Map<string, readonly string[] | Refusal>();

  /** Something that belongs to one of the open documents was lost; it is not known which (C5). */
  const doubtAll = (): void => {
    for (const document of documents.values()) document.isWhole = false;
  };

  const outcome = (refusal: Refusal | null): DeltaDocument | null => {
    const document = documents.get(channel);
    if (!document) {
      if (refusal) onProblem(refusal.problem);
      return null;
    }
    if (refusal) {
      onProblem(refusal.problem);
      document.isWhole = false;
    } else if (lastOperation === 'append' && TEXT.test(lastPath)) growing = growingIn(document);
    return document;
  };

  /** Null unless the last frame wrote text into a message that is not finished: only then may looking at it wait. */
  const growingIn = (document: DeltaDocument): Growing | null => {
    const { message } = document.value as { message?: unknown };
    if (!isObject(message) || message['status'] !== 'in_progress') return null;
    const segments = segmentsOf(lastPath);
    const slot = segments instanceof Refusal ? segments : findSlot(document.value, segments, false);
    if (slot instanceof Refusal || typeof readSlot(slot) !== 'string') return null;
    return { start: startOf(lastPath), document, slot };
  };

  const startOf = (path: string): string => {
    if (lastStart.path !== path) lastStart = { path, start: placedStart(path) };
    return lastStart.start;
  };

  /** Streams repeat a handful of pointers. */
  const segmentsOf = (pointer: string): readonly string[] | Refusal => {
    const known = pointers.get(pointer);
    if (known) return known;
    const segments = parsePointer(pointer, limits.nesting);
    if (pointers.size >= POINTERS_KEPT) pointers.clear();
    if (pointer.length <= LONGEST_POINTER_KEPT) pointers.set(pointer, segments);
    return segments;
  };

  /** Takes c, o and p of a frame over; false, and nothing taken, when one has the wrong type. */
  const carryOver = (frame: JsonObject): boolean => {
    const { c, o, p } = frame as { c?: unknown; o?: unknown; p?: unknown };
    if (c !== undefined && !(typeof c === 'number' && Number.isInteger(c) && c >= 0)) return false;
    if ((o !== undefined && typeof o !== 'string') || (p !== undefined && typeof p !== 'string')) return false;
    channel = c ?? channel;
    lastOperation = o ?? lastOperation;
    lastPath = p ?? lastPath;
    return true;
  };

  const settle = (): void => {
    const message = documents.get(channel)?.value['message'];
    if (isObject(message)) onSettle(message);
  };

  const grow = (sizeUtf16: number): Refusal | null => {
    const document = documents.get(channel);
    if (!document || (lastPath === '' && (lastOperation === 'add' || lastOperation === 'replace'))) return null;
    if (document.sizeUtf16 + sizeUtf16 > limits.messageUtf16) return new Refusal('message_too_large');
    document.sizeUtf16 += sizeUtf16;
    return null;
  };

  const applyAt = (
    path: string,
    operation: string,
    value: unknown,
    depth: number,
    sizeUtf16: number,
  ): Refusal | null => {
    if (operation === 'patch') return applyPatch(path, value, depth, sizeUtf16);
    const segments = segmentsOf(path);
    if (segments instanceof Refusal) return segments;
    if (!isOperation(operation)) return new Refusal('unknown_op');
    if (hasForbiddenKey(value, limits.nesting)) return new Refusal('forbidden_path');
    if (segments.length === 0) return applyAtRoot(operation, value, sizeUtf16);
    const document = documents.get(channel);
    if (!document) return new Refusal('no_document');
    return applyOperation(document.value, segments, operation, value);
  };

  /** Operations fail one by one; the first failure is the patch's own, the rest are counted here. */
  const applyPatch = (path: string, value: unknown, depth: number, sizeUtf16: number): Refusal | null => {
    if (!Array.isArray(value) || depth > DEEPEST_PATCH) return new Refusal('bad_value');
    let first: Refusal | null = null;
    for (const entry of value as unknown[]) {
      const refusal = applyEntry(path, entry, depth, sizeUtf16);
      if (refusal && first) onProblem(refusal.problem);
      else first ??= refusal;
    }
    return first;
  };

  const applyEntry = (path: string, entry: unknown, depth: number, sizeUtf16: number): Refusal | null => {
    if (!isObject(entry)) return new Refusal('bad_frame');
    const { o, p, v } = entry as { o?: unknown; p?: unknown; v?: unknown };
    if (typeof o !== 'string' || (p !== undefined && typeof p !== 'string')) return new Refusal('bad_frame');
    return applyAt(path + (typeof p === 'string' ? p : ''), o, v, depth + 1, sizeUtf16);
  };

  const applyAtRoot = (operation: string, value: unknown, sizeUtf16: number): Refusal | null => {
    if (operation === 'add' || operation === 'replace') {
      if (!isObject(value)) return new Refusal('bad_value');
      documents.set(channel, { value, isWhole: true, sizeUtf16 });
      if (documents.size > limits.documentsPerStream) dropOldest(documents);
      return null;
    }
    const document = documents.get(channel);
    if (!document) return new Refusal('no_document');
    if (operation === 'remove') {
      documents.delete(channel);
      return null;
    }
    if (operation === 'append' && isObject(value)) {
      Object.assign(document.value, value);
      return null;
    }
    return new Refusal('bad_value');
  };

  return {
    /** False after `delta_encoding` named a version that is not read. */
    get isKnownEncoding(): boolean {
      return isKnownEncoding;
    },
    startEncoding(version: unknown): void {
      documents.clear();
      growing = null;
      channel = 0;
      lastOperation = 'add';
      lastPath = '';
      isKnownEncoding = version === 'v1';
      if (!isKnownEncoding) onProblem('unknown_encoding');
    },
    doubtAll,
    all(): Iterable<DeltaDocument> {
      return documents.values();
    },
    /** Keeps everything as it is now. What it returns brings that back. */
    save(): () => void {
      const kept = structuredClone({ documents, channel, lastOperation, lastPath, isKnownEncoding });
      return () => {
        documents = kept.documents;
        ({ channel, lastOperation, lastPath, isKnownEncoding } = kept);
        growing = null;
      };
    },

    /**
     * Set while the frames before wrote into an unfinished message's content, so that `append` is possible: how a frame
     * begins that names the place itself.
     */
    get growingStart(): string | null {
      return growing?.start ?? null;
    },
    /**
     * The short way for a frame that holds nothing but a text. Returns the document, or null when `apply` must decide.
     * Same effect as `apply`.
     */
    append(text: string, sizeUtf16: number): DeltaDocument | null {
      if (!growing) return null;
      const { document, slot } = growing;
      if (document.sizeUtf16 + sizeUtf16 > limits.messageUtf16) return null;
      document.sizeUtf16 += sizeUtf16;
      writeSlot(slot, (readSlot(slot) as string) + text);
      return document;
    },
    /** Applies one frame. Returns the document of its channel, or null when the frame changed none. */
    apply(outer: unknown, sizeUtf16: number): DeltaDocument | null {
      const frame = unwrap(outer);
      if (!frame || !carryOver(frame)) {
        onProblem('bad_frame');
        doubtAll();
        return null;
      }
      const hasOwnPlace = frame['o'] !== undefined || frame['p'] !== undefined;
      const value = frame['v'];
      growing = null;
      if (value === undefined) {
        if (!hasOwnPlace || lastOperation !== 'remove') return null;
      } else if (!hasOwnPlace && isObject(value) && isObject(value['message'])) {
        lastOperation = 'add';
        lastPath = '';
      }
      if (mayChangeIdentity(lastPath, value)) settle();
      const refusal = grow(sizeUtf16) ?? applyAt(lastPath, lastOperation, value, 0, sizeUtf16);
      return outcome(refusal);
    },
  };
}

/** Frames that reach beyond a message's own fields may turn it into another one. */
function mayChangeIdentity(path: string, value: unknown): boolean {
  if (path.startsWith('/message/')) return path.startsWith('/message/id');
  if (!Array.isArray(value)) return true;
  return value.some((entry: unknown) => {
    const { p } = isObject(entry) ? (entry as { p?: unknown }) : {};
    return typeof p !== 'string' || mayChangeIdentity(path + p, null);
  });
}

/** Rule D13: a frame with none of the four may hold the real one in `delta`. */
function unwrap(outer: unknown): JsonObject | null {
  if (!isObject(outer)) return null;
  if (isFrame(outer)) return outer;
  const inner = outer['delta'];
  return isObject(inner) && isFrame(inner) ? inner : null;
}

// JSON has no undefined: a key that is there has another value.
function isFrame({ c, o, p, v }: JsonObject): boolean {
  return c !== undefined || o !== undefined || p !== undefined || v !== undefined;
}
