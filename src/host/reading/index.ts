// Reads code in a worker of our own: a page's engine code is compiled less far, and its collector stops everything longer.
export { type CodeReading, ReaderFailed } from './code-reading.ts';
export { openReading } from './open-reading.ts';
export { warmAtRest } from './warm-at-rest.ts';
