/** Every failure that this product knows by name: `area/what-went-wrong`. No error is recognised by its text. */
export const APP_ERROR_CODES = [
  'run/language-unavailable',
  'run/not-found',
  'run/already-started',
  'run/not-asking',
  'run/queue-full',
  'run/rate-limited',
  'run/timed-out',
  'run/stopped',
  'run/code-too-large',
  'run/output-too-large',
  'run/too-many-artifacts',
  'run/bad-request',
  'run/dependency-failed',
  'run/network-off',
  'run/commands-asked',
  'python/exception',
  'python/syntax-error',
  'python/memory',
  'python/package-unavailable',
  'python/input-closed',
  'python/network-off',
  'python/heap-mismatch',
  'lua/error',
  'lua/syntax-error',
  'lua/memory',
  'shell/syntax-error',
  'shell/memory',
  'linux/not-built',
  'terminal/not-found',
  'terminal/too-many',
  'wasm/bad-module',
  'wasm/bad-call',
  'wasm/trap',
  'wasm/memory',
  'js/exception',
  'js/syntax-error',
  'js/memory',
  'js/stack',
  'js/too-many-timers',
  'js/unsettled',
  'js/module-not-found',
  'reader/failed',
  'runner/start-failed',
  'runner/resting',
  'runner/crashed',
  'runner/killed',
  'runner/in-use',
  'runner/not-saved',
  'box/self-test-failed',
  'box/lost',
  'files/not-found',
  'files/no-space',
  'files/too-large',
  'files/bad-path',
  'files/unavailable',
  'files/damaged',
  'files/bad-archive',
  'files/unsafe-archive',
  'host/unavailable',
  'host/lost',
  'door/bad-message',
  'door/deadline',
  'door/failed',
  'door/forbidden',
  'settings/bad-value',
  'composer/not-found',
  'composer/typing',
  'composer/not-inserted',
  'composer/became-attachment',
] as const;

export type AppErrorCode = (typeof APP_ERROR_CODES)[number];

/** An expected failure. `detail` may be shown; `cause` is for diagnostics only. */
export interface AppError {
  readonly code: AppErrorCode;
  readonly detail?: string;
  readonly cause?: unknown;
}

export function appError(code: AppErrorCode, detail?: string, cause?: unknown): AppError {
  return {
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(cause === undefined ? {} : { cause }),
  };
}
