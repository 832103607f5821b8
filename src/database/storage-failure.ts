import { type AppError, appError } from '../contracts/errors.ts';

const FULL = 'QuotaExceededError';

/** Why something was not read or not stored: `host/no-room` where the browser gives no more room, `host/unavailable` for all else. */
export const storageFailure = (cause: unknown): AppError =>
  isForRoom(cause) ? appError('host/no-room', undefined, cause) : appError('host/unavailable', 'storage', cause);

/** Dexie has the browser's own error within its own, and that of one step within that of its transaction. */
function isForRoom(cause: unknown): boolean {
  if (!(cause instanceof Error || cause instanceof DOMException)) return false;
  return cause.name === FULL || ('inner' in cause && cause.inner !== cause && isForRoom(cause.inner));
}
