import { createHash } from 'node:crypto';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import type { Answer } from './loopback-server.ts';

/** What of a published file is not as it should be. */
interface Change {
  readonly file?: string;
  readonly hash?: string | null;
  /** What the index says of the file beside that. */
  readonly said?: Readonly<Record<string, unknown>>;
  /** The bytes of the file. */
  readonly bytes?: (wheel: Uint8Array) => Uint8Array;
}

/** An index of Python packages (PEP 691) at `/simple/` of a loopback server, with their files. */
export class PackageIndex {
  readonly #files = new Map<string, Uint8Array>();
  readonly #pages = new Map<string, object>();

  /** Publishes version 1.0 of a package: a wheel of these files, and of its metadata where it requires something. */
  async publish(
    name: string,
    contents: Readonly<Record<string, string>>,
    requires: readonly string[] = [],
    change: Change = {},
  ): Promise<void> {
    const module = name.replaceAll('-', '_');
    const file = change.file ?? `${module}-1.0-py3-none-any.whl`;
    const made = await wheel({ ...contents, ...metadata(module, requires) });
    const bytes = change.bytes?.(made) ?? made;
    this.#files.set(`/files/${file}`, bytes);
    const hashes = change.hash === null ? {} : { sha256: change.hash ?? sha256(bytes) };
    this.#pages.set(`/simple/${name}/`, { files: [{ filename: file, url: `/files/${file}`, hashes, ...change.said }] });
  }

  /** Whether the request was for the index, and is answered. */
  answers(path: string, response: Parameters<Answer>[1]): boolean {
    const file = this.#files.get(path);
    const page = this.#pages.get(path);
    if (file) response.end(file);
    else if (page) response.end(JSON.stringify(page));
    return file !== undefined || page !== undefined;
  }
}

async function wheel(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter());
  for (const [name, text] of Object.entries(files)) {
    await zip.add(name, new Uint8ArrayReader(new TextEncoder().encode(text)));
  }
  return zip.close();
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const metadata = (module: string, requires: readonly string[]): Record<string, string> => ({
  [`${module}-1.0.dist-info/METADATA`]: [
    'Metadata-Version: 2.1',
    `Name: ${module}`,
    'Version: 1.0',
    ...requires.map((need) => `Requires-Dist: ${need}`),
    '',
    '',
  ].join('\n'),
});
