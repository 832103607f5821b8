// Saved states of a machine as what they differ by from the state that the package brings.
export { applyDelta, makeDelta } from './delta.ts';
