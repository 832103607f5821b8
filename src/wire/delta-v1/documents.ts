import { hasForbiddenKey, isObject, owns, type JsonObject } from '../json.ts';
import type { WireLimits } from '../limits.ts';
import type { WireProblem } from '../wire-event.ts';
import { applyOperation, isOperation } from './operations.ts';
import { parsePointer, Refusal } from './pointer.ts';

const DEEPEST_PATCH = 3;

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

  /** Applies one frame. Returns the document of its channel, or null when the frame changed none. */
  apply(outer: unknown, sizeUtf16: number): DeltaDocument | null {
    const frame = unwrap(outer);
    if (!frame || !this.#carryOver(frame)) {
      this.#onProblem('bad_frame');
      this.doubtAll();
      return null;
    }
    const hasOwnPlace = owns(frame, 'o') || owns(frame, 'p');
    const value = frame['v'];
    if (!owns(frame, 'v')) {
      if (!hasOwnPlace || this.#operation !== 'remove') return null;
    } else if (!hasOwnPlace && isObject(value) && isObject(value['message'])) {
      this.#operation = 'add';
      this.#path = '';
    }
    this.#settle();
    const refusal = this.#grow(sizeUtf16) ?? this.#applyAt(this.#path, this.#operation, value, 0, sizeUtf16);
    const document = this.#open.get(this.#channel);
    if (refusal) {
      this.#onProblem(refusal.problem);
      if (document) document.isWhole = false;
    }
    return document ?? null;
  }

  /** Takes c, o and p of a frame over; false, and nothing taken, when one has the wrong type. */
  #carryOver(frame: JsonObject): boolean {
    const { c, o, p } = frame as { c?: unknown; o?: unknown; p?: unknown };
    const hasChannel = owns(frame, 'c');
    const hasOperation = owns(frame, 'o');
    const hasPath = owns(frame, 'p');
    if (hasChannel && !(typeof c === 'number' && Number.isInteger(c) && c >= 0)) return false;
    if ((hasOperation && typeof o !== 'string') || (hasPath && typeof p !== 'string')) return false;
    if (hasChannel) this.#channel = c as number;
    if (hasOperation) this.#operation = o as string;
    if (hasPath) this.#path = p as string;
    return true;
  }

  /** Frames that reach beyond a message's own fields may turn it into another one. */
  #settle(): void {
    if (this.#path.startsWith('/message/') && !this.#path.startsWith('/message/id')) return;
    const message = this.#open.get(this.#channel)?.value['message'];
    if (isObject(message)) this.#onSettle(message);
  }

  #grow(sizeUtf16: number): Refusal | null {
    const document = this.#open.get(this.#channel);
    if (!document || (this.#path === '' && (this.#operation === 'add' || this.#operation === 'replace'))) return null;
    document.sizeUtf16 += sizeUtf16;
    return document.sizeUtf16 > this.#limits.messageUtf16 ? new Refusal('message_too_large') : null;
  }

  #applyAt(path: string, operation: string, value: unknown, depth: number, sizeUtf16: number): Refusal | null {
    if (operation === 'patch') return this.#applyPatch(path, value, depth, sizeUtf16);
    const segments = parsePointer(path, this.#limits.nesting);
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
    if (typeof o !== 'string' || (owns(entry, 'p') && typeof p !== 'string')) return new Refusal('bad_frame');
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

/** Rule D13: a frame with none of the four may hold the real one in `delta`. */
function unwrap(outer: unknown): JsonObject | null {
  if (!isObject(outer)) return null;
  if (isFrame(outer)) return outer;
  const inner = outer['delta'];
  return isObject(inner) && isFrame(inner) ? inner : null;
}

function isFrame(value: JsonObject): boolean {
  return owns(value, 'c') || owns(value, 'o') || owns(value, 'p') || owns(value, 'v');
}
