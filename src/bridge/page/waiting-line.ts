import type { Envelope } from '../../interception/envelope.ts';

interface Node {
  readonly envelope: Envelope;
  readonly size: number;
  next: Node | null;
}

/** One message to the isolated end. Null prototype and own members only: no array, whose setters a page can plant. */
export interface Batch {
  readonly batch: number;
  readonly size: number;
  readonly [index: number]: Envelope;
}

export interface WaitingLine {
  count(): number;
  bytes(): number;
  add(envelope: Envelope, size: number): void;
  /** Takes the oldest envelopes within the bounds; at least one, when there is one. */
  take(batch: number, mostEnvelopes: number, mostBytes: number): Batch;
  clear(): void;
}

export function createWaitingLine(): WaitingLine {
  let head: Node | null = null;
  let tail: Node | null = null;
  let count = 0;
  let bytes = 0;
  return {
    count: () => count,
    bytes: () => bytes,
    add(envelope, size) {
      const node: Node = { envelope, size, next: null };
      if (tail === null) head = node;
      else tail.next = node;
      tail = node;
      count += 1;
      bytes += size;
    },
    take(batch, mostEnvelopes, mostBytes) {
      const taken = { __proto__: null, batch, size: 0 } as unknown as { size: number; [index: number]: Envelope };
      let weight = 0;
      while (head !== null && taken.size < mostEnvelopes && (taken.size === 0 || weight + head.size <= mostBytes)) {
        taken[taken.size] = head.envelope;
        taken.size += 1;
        weight += head.size;
        count -= 1;
        bytes -= head.size;
        head = head.next;
      }
      if (head === null) tail = null;
      return taken as unknown as Batch;
    },
    clear() {
      head = null;
      tail = null;
      count = 0;
      bytes = 0;
    },
  };
}
