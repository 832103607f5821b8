// States of a machine: how they lie, and what they differ by from the state that the package brings.
export { applyDelta, makeDelta } from './delta.ts';
export { readAllButMemory, withMemoryLast } from './memory-last.ts';
