// What watches frames without seeing what they hold.
export { createErrorTracking } from './error-tracking.ts';
export { createLogging, type FrameLog } from './logging.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export type { FrameResult, Middleware } from './middleware.ts';
