import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Answer } from './loopback-server.ts';

interface Version {
  readonly needs?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly main?: string;
  /** Instead of the hash of its file. */
  readonly integrity?: string;
}

/** A registry of Node packages at a loopback server, with their files. The last version of each is called latest. */
export class NodeRegistry {
  readonly #answers = new Map<string, string | Buffer>();
  readonly #origin: string;

  /** `origin` is where packages name their files. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  publish(name: string, versions: Readonly<Record<string, Version>>): void {
    const rows: Record<string, object> = {};
    for (const [version, { needs = {}, scripts = {}, files = {}, main, integrity }] of Object.entries(versions)) {
      const manifest = { name, version, main, dependencies: needs, scripts };
      const file = tar({ ...files, 'package.json': JSON.stringify(manifest) });
      const path = `/${name}/-/${version}.tgz`;
      this.#answers.set(path, file);
      const hash = `sha512-${createHash('sha512').update(file).digest('base64')}`;
      rows[version] = { ...manifest, dist: { tarball: `${this.#origin}${path}`, integrity: integrity ?? hash } };
      for (const alias of [version, 'latest']) this.#answers.set(`/${name}/${alias}`, JSON.stringify(rows[version]));
    }
    this.#answers.set(`/${name}`, JSON.stringify({ versions: rows }));
  }

  /** Whether the request was for the registry, and is answered. */
  answers(path: string, response: Parameters<Answer>[1]): boolean {
    const answer = this.#answers.get(decodeURIComponent(path));
    if (answer !== undefined) response.end(answer);
    return answer !== undefined;
  }
}

/** A gzipped archive of these files, below the folder that registries have. Source: POSIX ustar. */
function tar(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    const head = Buffer.alloc(512);
    head.write(`package/${name}`, 0);
    head.write('0000644\0', 100);
    head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('        0ustar\0', 148);
    head.write('00', 263);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
