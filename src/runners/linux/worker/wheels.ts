import { toBase64 } from '../../../base/index.ts';
import { zstdOf } from '../../../container/machine/index.ts';
import type { NetworkAnswer } from '../../../contracts/network.ts';
import type { WheelList, WheelRow } from '../wheels-file.ts';

/** Begins the address of a question that is about the pack, and goes to no network. */
export const BUNDLED = 'bundled:';
/** A page of the usual index. */
const PAGE = /^https:\/\/pypi\.org\/simple\/([^/]+)\/$/u;

const LENGTH_BYTES = 4;
const UNREADABLE: NetworkAnswer = { code: 'failed', error: 'The packages of this device could not be read.' };

interface Pack {
  readonly list: WheelList;
  bytesOf(row: WheelRow): Uint8Array;
}

export interface WheelsOptions {
  /** The file as the host compared it with its hash; null where it has none that is right. */
  readonly load: () => Promise<Uint8Array | null>;
  /** v86.wasm, compiled. */
  readonly wasm: WebAssembly.Module;
}

/** What the guest's `pip` may have without network: an index (PEP 691) of the wheels that lie in the extension. */
export class Wheels {
  readonly #options: WheelsOptions;
  #pack: Promise<Pack | null> | null = null;

  constructor(options: WheelsOptions) {
    this.#options = options;
  }

  /** Of an address: the list of all, the index's page of a package by its name, or a file by its own. */
  async answer(url: string): Promise<NetworkAnswer> {
    const pack = await this.#opened();
    if (pack === null) return UNREADABLE;
    const { wheels, compiled } = pack.list;
    const asked = url.slice(BUNDLED.length);
    if (asked === '') return json(url, { wheels: wheels.map(({ name }) => name), compiled });
    const file = wheels.find((row) => row.file === asked);
    if (file) return found(url, pack.bytesOf(file));
    const named = wheels.filter(({ name }) => name === asked);
    return named.length === 0 ? { ...found(url, new Uint8Array(0)), status: 404 } : json(url, pageOf(named));
  }

  /** Whether there is a page in place of this one of the usual index. */
  async hasInstead(url: string): Promise<boolean> {
    const name = PAGE.exec(url)?.[1];
    if (name === undefined) return false;
    return (await this.#opened())?.list.wheels.some((row) => row.name === name) ?? false;
  }

  async #opened(): Promise<Pack | null> {
    const pack = await (this.#pack ??= this.#open().catch(() => null)); // who asked is told that it cannot be read
    if (pack === null) this.#pack = null; // once more at the next question
    return pack;
  }

  async #open(): Promise<Pack | null> {
    const file = await this.#options.load();
    return file && openWheels(file, this.#options.wasm);
  }
}

function openWheels(file: Uint8Array, wasm: WebAssembly.Module): Pack {
  const lengthAt = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const plain = zstdOf(wasm)(file.subarray(LENGTH_BYTES), lengthAt(file));
  const begin = LENGTH_BYTES + lengthAt(plain);
  // Of our own package, compared with its hash.
  const list = JSON.parse(new TextDecoder().decode(plain.subarray(LENGTH_BYTES, begin))) as WheelList;
  return { list, bytesOf: ({ at, bytes }) => plain.subarray(begin + at, begin + at + bytes) };
}

/** As an index says it. Source: PEP 691, PEP 700 (`versions`). */
function pageOf(rows: readonly WheelRow[]): object {
  return {
    versions: rows.map(({ version }) => version),
    files: rows.map(({ file, sha256, requiresPython }) => ({
      filename: file,
      url: BUNDLED + file,
      hashes: { sha256 },
      'requires-python': requiresPython,
    })),
  };
}

const json = (url: string, value: object): NetworkAnswer => found(url, new TextEncoder().encode(JSON.stringify(value)));

const found = (url: string, bytes: Uint8Array) => ({
  status: 200,
  statusText: '',
  url,
  headers: [],
  body: toBase64(bytes),
});
