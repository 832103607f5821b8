import { parse } from 'luaparse';
import { servePeer } from './serve-peer.ts';

/** Every node once, with what it says of its place. */
function walk(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) walk(part);
}

// A plain worker around luaparse: a tree and one walk over it, nothing is judged.
servePeer(async () => (code) => walk(parse(code, { luaVersion: '5.3', locations: true })));
