import { Buffer as Bytes } from 'buffer';

const scope = globalThis as { Buffer?: unknown };

/** Node's `Buffer`, of which a worker has none; the HTTP parser takes it for granted while it is loaded. */
export const provided: typeof Bytes = (scope.Buffer ??= Bytes) as typeof Bytes;
