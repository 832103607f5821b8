import { host } from './host-calls.ts';
import { format, inspect } from './inspect/index.ts';
import type { Bytes, LateKit } from './late/kit.ts';
import { bufferType, toBytes } from './node/buffers.ts';
import { createRequire, requirePackage } from './packages.ts';

/** Programs give their own things this name. */
const webCrypto = globalThis.crypto;
const builtin = createRequire('node:guest');

function toBuffer(bytes: Uint8Array): Bytes {
  const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
  return bufferType().from(whole);
}

/** Modules of Node that few programs want: they come as packages do, and are given what they need of the guest. */
export function lateModule(name: string, process: object): object {
  const kit: LateKit = {
    host,
    process,
    webCrypto,
    inspect,
    format: (...args) => format(args),
    toBytes,
    toBuffer,
    builtin: (module) => builtin(`node:${module}`),
  };
  const { createModule } = requirePackage(`late:${name}`) as { readonly createModule: (kit: LateKit) => object };
  return createModule(kit);
}
