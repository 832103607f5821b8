// Starts Pyodide from a saved heap: side modules put back, packages mounted.
export type { EmscriptenModule, MemoryFileNode } from './emscripten.ts';
export { isFirstLibrary } from './first-libraries.ts';
export {
  checkPiece,
  clearGaps,
  cutHeap,
  type HeapMap,
  heapMapName,
  heapPieces,
  type PieceFacts,
  placePiece,
  readHeapMap,
  type SavedHeap,
  wholeHeap,
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
export { sumOfPiece } from './piece-sum.ts';
export { type ModulePlace, readRecord, type RecordedLibrary, type ReplayRecord } from './replay-record.ts';
export { replaySideModules } from './replay.ts';
