import type { HeapMap } from './heap-pieces.ts';

/** A heap on its way into the memory of a module that was just made. Nothing of the module may run until it is whole. */
export interface HeapPlacing {
  /** Piece `at` of the heap, the first one first; kept by nobody. */
  put(at: number, piece: Uint8Array): void;
  /** The run that a heap begins with, header and all: Pyodide reads and places that one itself. */
  firstRun(): Uint8Array;
}

/**
 * Puts a cut heap into `memory`, where it lies without its header. What no run of it holds is made zero, for whatever made the
 * module has written there.
 */
export function startPlacing(memory: Uint8Array, map: HeapMap): HeapPlacing {
  let firstRun = new Uint8Array();
  let headerBytes = 0;
  const begin = (piece: Uint8Array): void => {
    firstRun = piece.slice(0, map.pieces[0]?.[0]?.length);
    // A heap of Pyodide: magic number, then the length of the header.
    headerBytes = new Uint32Array(firstRun.buffer, 0, 2)[1] ?? 0;
    let end = 0;
    for (const { at, length } of [...map.pieces.flat(), { at: map.bytes, length: 0 }]) {
      if (at > end) memory.fill(0, end - headerBytes, at - headerBytes);
      end = at + length;
    }
  };
  return {
    put(position, piece) {
      if (position === 0) begin(piece);
      let from = 0;
      for (const { at, length } of map.pieces[position] ?? []) {
        if (at > 0) memory.set(piece.subarray(from, from + length), at - headerBytes);
        from += length;
      }
    },
    firstRun: () => firstRun,
  };
}

/**
 * Stands for a heap that is still on its way: Pyodide asks it for its length before it makes the module, and reads the
 * bytes only afterwards, through `API.restoreSnapshot`.
 */
export function heapStandIn({ bytes }: HeapMap): Uint8Array {
  return Object.defineProperty(new Uint8Array(0), 'length', { value: bytes });
}

/** Makes Pyodide restore the run that it reads the header of; what follows lies in its place already. `settings` are those of its module. */
export function lendHeap(settings: object, firstRun: Uint8Array): void {
  const { API } = settings as { readonly API: { restoreSnapshot(bytes: Uint8Array): unknown } };
  const restore = API.restoreSnapshot.bind(API);
  API.restoreSnapshot = () => restore(firstRun);
}
