// What may be kept of raw traffic (docs/wire.md, section 12).
export { redact } from './redact.ts';
export { shapeOf } from './shape.ts';
