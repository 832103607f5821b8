import { hasForbiddenKey, isObject, type JsonObject } from '../json.ts';
import type { WireLimits } from '../limits.ts';
import type { WireProblem } from '../wire-event.ts';
import { applyOperation, isOperation } from './operations.ts';
import { placedStart } from './plain-text.ts';
import { findSlot, parsePointer, readSlot, Refusal, writeSlot, type Slot } from './pointer.ts';

const DEEPEST_PATCH = 3;
const POINTERS_KEPT = 256;
const LONGEST_POINTER_KEPT = 256;
const CONTENT = '/message/content/';

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
export class DeltaDocuments {
  readonly #limits: WireLimits;
  readonly #onProblem: (problem: WireProblem) => void;
  readonly #onSettle: (message: JsonObject) => void;
  readonly #open = new Map<number, DeltaDocument>();
  #channel = 0;
  #operation = 'add';
  #path = '';
  #isKnownEncoding = true;
  #growing: Growing | null = null;
  #lastStart: { readonly path: string; readonly start: string } = { path: '', start: placedStart('') };
  readonly #pointers = new Map<string, readonly string[] | Refusal>();

  constructor(limits: WireLimits, onProblem: (problem: WireProblem) => void, onSettle: (message: JsonObject) => void) {
    this.#limits = limits;
    this.#onProblem = onProblem;
    this.#onSettle = onSettle;
  }

  /** False after `delta_encoding` named a version that is not read. */
  get isKnownEncoding(): boolean {
    return this.#isKnownEncoding;
  }

  startEncoding(version: unknown): void {
    this.#open.clear();
    this.#growing = null;
    this.#channel = 0;
    this.#operation = 'add';
    this.#path = '';
    this.#isKnownEncoding = version === 'v1';
    if (!this.#isKnownEncoding) this.#onProblem('unknown_encoding');
  }

  /** Something that belongs to one of the open documents was lost; it is not known which (C5). */
  doubtAll(): void {
    for (const document of this.#open.values()) document.isWhole = false;
  }

  /**
   * Set while the frames before wrote into an unfinished message's content, so that `append` is possible: how a frame
   * begins that names the place itself.
   */
  get growingStart(): string | null {
    return this.#growing?.start ?? null;
  }

  /**
   * The short way for a frame that holds nothing but a text. Returns the document, or null when `apply` must decide.
   * Same effect as `apply`.
   */
  append(text: string, sizeUtf16: number): DeltaDocument | null {
    if (!this.#growing) return null;
    const { document, slot } = this.#growing;
    if (document.sizeUtf16 + sizeUtf16 > this.#limits.messageUtf16) return null;
    document.sizeUtf16 += sizeUtf16;
    writeSlot(slot, (readSlot(slot) as string) + text);
    return document;
  }

  /** Applies one frame. Returns the document of its channel, or null when the frame changed none. */
  apply(outer: unknown, sizeUtf16: number): DeltaDocument | null {
    const frame = unwrap(outer);
    if (!frame || !this.#carryOver(frame)) {
      this.#onProblem('bad_frame');
      this.doubtAll();
      return null;
    }
    const hasOwnPlace = frame['o'] !== undefined || frame['p'] !== undefined;
    const value = frame['v'];
    this.#growing = null;
    if (value === undefined) {
      if (!hasOwnPlace || this.#operation !== 'remove') return null;
    } else if (!hasOwnPlace && isObject(value) && isObject(value['message'])) {
      this.#operation = 'add';
      this.#path = '';
    }
    if (mayChangeIdentity(this.#path, value)) this.#settle();
    const refusal = this.#grow(sizeUtf16) ?? this.#applyAt(this.#path, this.#operation, value, 0, sizeUtf16);
    return this.#outcome(refusal);
  }

  #outcome(refusal: Refusal | null): DeltaDocument | null {
    const document = this.#open.get(this.#channel);
    if (!document) {
      if (refusal) this.#onProblem(refusal.problem);
      return null;
    }
    if (refusal) {
      this.#onProblem(refusal.problem);
      document.isWhole = false;
    } else if (this.#operation === 'append' && this.#path.startsWith(CONTENT))
      this.#growing = this.#growingIn(document);
    return document;
  }

  /** Null unless the last frame wrote text into a message that is not finished: only then may looking at it wait. */
  #growingIn(document: DeltaDocument): Growing | null {
    const { message } = document.value as { message?: unknown };
    if (!isObject(message) || message['status'] !== 'in_progress') return null;
    const segments = this.#segments(this.#path);
    const slot = segments instanceof Refusal ? segments : findSlot(document.value, segments, false);
    if (slot instanceof Refusal || typeof readSlot(slot) !== 'string') return null;
    return { start: this.#startOf(this.#path), document, slot };
  }

  #startOf(path: string): string {
    if (this.#lastStart.path !== path) this.#lastStart = { path, start: placedStart(path) };
    return this.#lastStart.start;
  }

  /** Streams repeat a handful of pointers. */
  #segments(pointer: string): readonly string[] | Refusal {
    const known = this.#pointers.get(pointer);
    if (known) return known;
    const segments = parsePointer(pointer, this.#limits.nesting);
    if (this.#pointers.size >= POINTERS_KEPT) this.#pointers.clear();
    if (pointer.length <= LONGEST_POINTER_KEPT) this.#pointers.set(pointer, segments);
    return segments;
  }

  /** Takes c, o and p of a frame over; false, and nothing taken, when one has the wrong type. */
  #carryOver(frame: JsonObject): boolean {
    const { c, o, p } = frame as { c?: unknown; o?: unknown; p?: unknown };
    if (c !== undefined && !(typeof c === 'number' && Number.isInteger(c) && c >= 0)) return false;
    if ((o !== undefined && typeof o !== 'string') || (p !== undefined && typeof p !== 'string')) return false;
    this.#channel = c ?? this.#channel;
    this.#operation = o ?? this.#operation;
    this.#path = p ?? this.#path;
    return true;
  }

  #settle(): void {
    const message = this.#open.get(this.#channel)?.value['message'];
    if (isObject(message)) this.#onSettle(message);
  }

  #grow(sizeUtf16: number): Refusal | null {
    const document = this.#open.get(this.#channel);
    if (!document || (this.#path === '' && (this.#operation === 'add' || this.#operation === 'replace'))) return null;
    if (document.sizeUtf16 + sizeUtf16 > this.#limits.messageUtf16) return new Refusal('message_too_large');
    document.sizeUtf16 += sizeUtf16;
    return null;
  }

  #applyAt(path: string, operation: string, value: unknown, depth: number, sizeUtf16: number): Refusal | null {
    if (operation === 'patch') return this.#applyPatch(path, value, depth, sizeUtf16);
    const segments = this.#segments(path);
    if (segments instanceof Refusal) return segments;
    if (!isOperation(operation)) return new Refusal('unknown_op');
    if (hasForbiddenKey(value, this.#limits.nesting)) return new Refusal('forbidden_path');
    if (segments.length === 0) return this.#applyAtRoot(operation, value, sizeUtf16);
    const document = this.#open.get(this.#channel);
    if (!document) return new Refusal('no_document');
    return applyOperation(document.value, segments, operation, value);
  }

  /** Operations fail one by one; the first failure is the patch's own, the rest are counted here. */
  #applyPatch(path: string, value: unknown, depth: number, sizeUtf16: number): Refusal | null {
    if (!Array.isArray(value) || depth > DEEPEST_PATCH) return new Refusal('bad_value');
    let first: Refusal | null = null;
    for (const entry of value as unknown[]) {
      const refusal = this.#applyEntry(path, entry, depth, sizeUtf16);
      if (refusal && first) this.#onProblem(refusal.problem);
      else first ??= refusal;
    }
    return first;
  }

  #applyEntry(path: string, entry: unknown, depth: number, sizeUtf16: number): Refusal | null {
    if (!isObject(entry)) return new Refusal('bad_frame');
    const { o, p, v } = entry as { o?: unknown; p?: unknown; v?: unknown };
    if (typeof o !== 'string' || (p !== undefined && typeof p !== 'string')) return new Refusal('bad_frame');
    return this.#applyAt(path + (typeof p === 'string' ? p : ''), o, v, depth + 1, sizeUtf16);
  }

  #applyAtRoot(operation: string, value: unknown, sizeUtf16: number): Refusal | null {
    if (operation === 'add' || operation === 'replace') {
      if (!isObject(value)) return new Refusal('bad_value');
      this.#open.set(this.#channel, { value, isWhole: true, sizeUtf16 });
      if (this.#open.size > this.#limits.documentsPerStream) this.#dropOldest();
      return null;
    }
    const document = this.#open.get(this.#channel);
    if (!document) return new Refusal('no_document');
    if (operation === 'remove') {
      this.#open.delete(this.#channel);
      return null;
    }
    if (operation === 'append' && isObject(value)) {
      Object.assign(document.value, value);
      return null;
    }
    return new Refusal('bad_value');
  }

  #dropOldest(): void {
    const oldest = this.#open.keys().next();
    if (!oldest.done) this.#open.delete(oldest.value);
  }
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
