// The selector: where a program should run and why. Pure; no clock, no storage.
export { type Choices, type HereBounds, type SelectInput, type Surroundings } from './inputs.ts';
export { estimateOf } from './estimate.ts';
export { select } from './select.ts';
