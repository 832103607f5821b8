import { askBytes } from '../../bridge/worker/byte-requests.ts';

/** The other end of `serveShare`, for the worker of a machine: what v86 takes as `handle9p`. */
export const askShare: (port: MessagePort) => (request: Uint8Array, reply: (bytes: Uint8Array) => void) => void =
  askBytes;
