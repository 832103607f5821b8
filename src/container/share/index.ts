// A session's tree as a 9P2000.L server: what Linux machines mount at /mnt/data. For the host, which loads it when needed.
export { type GuestOptions, ServedTree, type ServedTreeOptions } from './served-tree.ts';
export { type Share } from './share.ts';
export { type ServedShare, serveShare } from './serve-share.ts';
