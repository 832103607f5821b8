// The only place that posts messages: page, extension and worker channels, doors, sender checks, backpressure.
export { type Caller, callerOf } from './callers.ts';
export { runsChecks } from './door-checks.ts';
export { connectEngineDoor } from './engine-door.ts';
export { connectPageDoor } from './page-report.ts';
export { nextTask } from './next-task.ts';
export { connectPreviewsDoor } from './previews-door.ts';
export { connectRunsDoor } from './runs-door.ts';
export { type Handler, type ServedDoor, serveDoor } from './serve-door.ts';
export { servePageReport } from './serve-page-report.ts';
export { connectTerminalsDoor } from './terminals-door.ts';
