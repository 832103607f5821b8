// Composition root of the world that owns runs: registry of runners, boxes, workspace, container, execution; serves their doors, numbers and keeps output for replay.
export { startHostInBackground } from './background-host.ts';
export { startHostDocument } from './host-document.ts';
export { beginReadingAhead } from './read-ahead.ts';
