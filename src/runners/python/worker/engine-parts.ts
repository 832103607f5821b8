import type { EngineDelivery } from '../../../contracts/box.ts';

/** What the box delivered so far. */
export interface EngineParts {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  readonly modules: Map<string, WebAssembly.Module>;
  stop: SharedArrayBuffer | null;
  mailbox: SharedArrayBuffer | null;
}

export function createParts(): EngineParts {
  return { files: new Map(), modules: new Map(), stop: null, mailbox: null };
}

/** True once nothing more comes. */
export function addDelivery(parts: EngineParts, delivery: EngineDelivery): boolean {
  for (const [name, bytes] of Object.entries(delivery.files)) parts.files.set(name, new Uint8Array(bytes));
  for (const [name, module] of Object.entries(delivery.modules)) parts.modules.set(name, module);
  parts.stop = delivery.stop;
  parts.mailbox = delivery.mailbox;
  return delivery.isLast;
}

export function textOf(parts: EngineParts, name: string): string {
  const bytes = parts.files.get(name);
  if (!bytes) throw new Error(`the engine lacks ${name}`);
  return new TextDecoder().decode(bytes);
}
