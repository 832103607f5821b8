// What may be kept of raw traffic (PROTOCOL section 12).
export { redact } from './redact.ts';
export { shapeOf } from './shape.ts';
