// A session's tree as a 9P2000.L server: what a Linux machine mounts at /mnt/data. For the host, which loads it when needed.
export { createShare, type Share, type ShareOptions } from './share.ts';
export { type ServedShare, serveShare } from './serve-share.ts';
