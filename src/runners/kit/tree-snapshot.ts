import { type FileStat, isKeptByRunner, type SessionFiles } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { CopiedFile } from '../../contracts/runner-protocol.ts';

const READ_BYTES = 4 * 1024 * 1024;

export interface TreeCopy {
  readonly files: readonly CopiedFile[];
  /** Absolute paths that did not fit and that the program will not find. */
  readonly leftOut: readonly string[];
}

/** The tree for a worker that cannot read it live: each file goes over once, and again only after it has changed. */
export class TreeSnapshot {
  readonly #files: SessionFiles;
  /** What the worker has, as the tree described it when it was sent. */
  readonly #sent = new Map<string, FileStat>();

  constructor(files: SessionFiles) {
    this.#files = files;
  }

  /** The worker changed this path itself: what it has and what the tree has may differ from now on. */
  forget(path: string): void {
    for (const sent of [...this.#sent.keys()]) {
      if (sent === path || sent.startsWith(`${path}/`)) this.#sent.delete(sent);
    }
  }

  /** What was taken last never reached the worker: nobody knows any more what it has. */
  forgetAll(): void {
    this.#sent.clear();
  }

  /** The newest files first, up to `LIMITS.copiedInBytes` in all. Where the signal aborts it ends early, and is of no use. */
  async take(signal: AbortSignal): Promise<TreeCopy> {
    const stats = await this.#below('');
    const newestFirst = [...stats].sort((one, other) => other.modifiedAtMs - one.modifiedAtMs);
    const files: CopiedFile[] = [];
    const leftOut: string[] = [];
    const present = new Set<string>();
    let bytes = 0;
    for (const stat of newestFirst) {
      if (signal.aborted) break;
      if (stat.kind === 'file' && bytes + stat.sizeBytes > LIMITS.copiedInBytes.standard) {
        leftOut.push(`${this.#files.mountPath}/${stat.path}`);
        continue;
      }
      bytes += stat.sizeBytes;
      present.add(stat.path);
      files.push({
        stat,
        bytes: stat.kind === 'directory' || this.#isSent(stat) ? null : await this.#read(stat, signal),
      });
      this.#sent.set(stat.path, stat);
    }
    for (const path of [...this.#sent.keys()]) if (!present.has(path)) this.#sent.delete(path);
    return { files, leftOut };
  }

  /** Folders as well: an empty one is a folder that some program made. */
  async #below(folder: string): Promise<FileStat[]> {
    const answer = await this.#files.perform({ op: 'list', path: folder });
    if (!answer.ok) return []; // gone in the meantime
    const entries = (answer.entries ?? []).filter(({ path }) => !isKeptByRunner(path));
    const deeper: FileStat[] = [];
    for (const { kind, path } of entries) if (kind === 'directory') deeper.push(...(await this.#below(path)));
    return [...entries, ...deeper];
  }

  #isSent(stat: FileStat): boolean {
    const sent = this.#sent.get(stat.path);
    return sent?.kind === 'file' && sent.sizeBytes === stat.sizeBytes && sent.modifiedAtMs === stat.modifiedAtMs;
  }

  async #read({ path, sizeBytes }: FileStat, signal: AbortSignal): Promise<Uint8Array> {
    const whole = new Uint8Array(sizeBytes);
    let at = 0;
    while (at < sizeBytes && !signal.aborted) {
      const length = Math.min(READ_BYTES, sizeBytes - at);
      const answer = await this.#files.perform({ op: 'read', path, position: at, length });
      if (!answer.ok || !answer.bytes?.length) break;
      whole.set(answer.bytes, at);
      at += answer.bytes.length;
    }
    return whole;
  }
}
