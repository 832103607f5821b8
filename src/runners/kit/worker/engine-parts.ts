import type { EngineDelivery } from '../../../contracts/box.ts';

/** What the box delivered so far. */
export interface EngineParts {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  readonly modules: Map<string, WebAssembly.Module>;
  /** Files to read from as needed. */
  readonly blobs: Map<string, Blob>;
  stop: SharedArrayBuffer | null;
  mailbox: SharedArrayBuffer | null;
  /** Settles once the last stage is here: nothing more comes but blobs. */
  readonly whole: Promise<void>;
  readonly settleWhole: () => void;
  /** Settles once a file of this name is here, or nothing more comes. */
  readonly arrival: (name: string) => Promise<void>;
  readonly noteArrivals: () => void;
  /** The blob of this name, once it is here. */
  readonly blob: (name: string) => Promise<Blob>;
  /** Settles once blobs are here; never for an engine that gets none. */
  readonly withBlobs: Promise<void>;
  readonly settleBlobs: () => void;
}

export function createParts(): EngineParts {
  const whole = deferred();
  const withBlobs = deferred();
  const files: EngineParts['files'] = new Map();
  const blobs: EngineParts['blobs'] = new Map();
  const awaited = new Map<string, ReturnType<typeof deferred>>();
  const awaitedBlobs = new Map<string, PromiseWithResolvers<Blob>>();
  return {
    files,
    modules: new Map(),
    blobs,
    stop: null,
    mailbox: null,
    whole: whole.promise,
    settleWhole: whole.resolve,
    async arrival(name) {
      if (files.has(name)) return;
      const arrived = awaited.get(name) ?? deferred();
      awaited.set(name, arrived);
      await Promise.race([arrived.promise, whole.promise]);
    },
    noteArrivals() {
      for (const [name, { resolve }] of awaited) if (files.has(name)) resolve();
      for (const [name, { resolve }] of awaitedBlobs) {
        const blob = blobs.get(name);
        if (blob) resolve(blob);
      }
    },
    async blob(name) {
      const here = blobs.get(name);
      if (here) return here;
      const arriving = awaitedBlobs.get(name) ?? Promise.withResolvers<Blob>();
      awaitedBlobs.set(name, arriving);
      return arriving.promise;
    },
    withBlobs: withBlobs.promise,
    settleBlobs: withBlobs.resolve,
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export function addDelivery(parts: EngineParts, delivery: EngineDelivery): void {
  for (const [name, bytes] of Object.entries(delivery.files)) parts.files.set(name, new Uint8Array(bytes));
  for (const [name, module] of Object.entries(delivery.modules)) parts.modules.set(name, module);
  for (const [name, blob] of Object.entries(delivery.blobs ?? {})) parts.blobs.set(name, blob);
  parts.stop = delivery.stop;
  parts.mailbox = delivery.mailbox;
  parts.noteArrivals();
  if (parts.blobs.size > 0) parts.settleBlobs();
  if (delivery.isLast) parts.settleWhole();
}

export function textOf(parts: EngineParts, name: string): string {
  const bytes = parts.files.get(name);
  if (!bytes) throw new Error(`the engine lacks ${name}`);
  return new TextDecoder().decode(bytes);
}
