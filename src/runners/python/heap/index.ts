// Starts Pyodide from a saved heap: side modules put back, packages mounted.
export type { EmscriptenModule, MemoryFileNode } from './emscripten.ts';
export { isFirstLibrary } from './first-libraries.ts';
export {
  checkPiece,
  cutHeap,
  type HeapMap,
  heapMapName,
  heapPieces,
  type PieceFacts,
  readHeapMap,
  type SavedHeap,
} from './heap-pieces.ts';
export {
  mountBlock,
  mountOnDemand,
  mountImage,
  readBlock,
  type ReadBytes,
  type ImageEntry,
  type ImageIndex,
} from './mount-image.ts';
export { type HeapPlacing, heapStandIn, lendHeap, startPlacing } from './place-heap.ts';
export { sumOfMap, sumOfPiece } from './piece-sum.ts';
export { type ModulePlace, readRecord, type RecordedLibrary, type ReplayRecord } from './replay-record.ts';
export { replaySideModules } from './replay.ts';
