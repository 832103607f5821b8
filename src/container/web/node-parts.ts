import { sha1 } from '@noble/hashes/legacy.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { Buffer as Bytes } from 'buffer';
import { EventEmitter } from 'events';

/**
 * What websocket-driver uses of Node's modules `crypto`, `util` and `stream`. Bundlers put this file in their place
 * (tools/node-parts.ts): whatever else would do so is many times as large as the driver.
 */
export function createHash(algorithm: string): { update(text: string): void; digest(encoding: 'base64'): string } {
  if (algorithm !== 'sha1') throw new Error(`no ${algorithm} here`);
  const hash = sha1.create();
  return {
    update: (text) => void hash.update(utf8ToBytes(text)),
    digest: (encoding) => Bytes.from(hash.digest()).toString(encoding),
  };
}

/** `crypto.randomBytes`. */
export const randomBytes = (count: number): Uint8Array => Bytes.from(crypto.getRandomValues(new Uint8Array(count)));

/** `util.inherits`, as far as the prototypes. */
export function inherits(child: { readonly prototype: object }, parent: { readonly prototype: object }): void {
  Object.setPrototypeOf(child.prototype, parent.prototype);
}

/** `stream.Stream`: the driver's own does all but the events. */
export class Stream extends EventEmitter {}
