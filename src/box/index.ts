// The wall: page.ts and worker-shell.ts inside it; frame.ts opens boxes, proves them before use, keeps one spare (warmed by the runner likely to be next), ends them.
export { readInOrder } from './engine-bytes.ts';
export { createBoxOpener, type BoxOpenerOptions, type SpareControl } from './opener.ts';
