import { ERRNOS } from '../../../src/container/share/refusal.ts';
import { MessageWriter } from './message-writer.ts';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const NAMES = new Map<number, string>(Object.entries(ERRNOS).map(([name, number]) => [number, name]));

/** What a guest was refused; its message is the name of the error. */
export class Refused extends Error {}

export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly inode: number;
}

class ReplyReader {
  readonly message: Uint8Array;
  readonly #view: DataView;
  #at = 7;
  constructor(message: Uint8Array) {
    this.message = message;
    this.#view = new DataView(message.buffer, message.byteOffset, message.length);
  }
  get isAtEnd(): boolean {
    return this.#at >= this.message.length;
  }
  u8 = () => this.#view.getUint8(this.#step(1));
  u16 = () => this.#view.getUint16(this.#step(2), true);
  u32 = () => this.#view.getUint32(this.#step(4), true);
  u64 = () => Number(this.#view.getBigUint64(this.#step(8), true));
  text = () => DECODER.decode(this.bytes(this.u16()));
  bytes(length: number): Uint8Array {
    const at = this.#step(length);
    return this.message.slice(at, at + length);
  }
  qid() {
    const type = this.u8();
    this.u32();
    return { kind: kindOf(type === 0x80, type === 2), inode: this.u64() };
  }
  #step(length: number): number {
    this.#at += length;
    return this.#at - length;
  }
}

const kindOf = (isFolder: boolean, isLink: boolean): Entry['kind'] => (isFolder ? 'folder' : isLink ? 'link' : 'file');

/** Linux' own flags of open. */
export const READ = 0;
export const WRITE = 1;
export const BOTH = 2;
export const EXCLUSIVE = 0o200;
export const TRUNCATE = 0o1000;
export const APPEND = 0o2000;

/** A guest's side of the protocol, as the kernel speaks it; each method throws `Refused`. */
export class GuestClient {
  readonly root = 1;
  readonly #handle: (message: Uint8Array) => Promise<Uint8Array>;
  #lastFid = 1;
  #lastTag = 0;

  constructor(share: { handle(message: Uint8Array): Promise<Uint8Array> }) {
    this.#handle = (message) => share.handle(message);
  }

  async send(type: number, body: MessageWriter): Promise<ReplyReader> {
    const tag = (this.#lastTag + 1) % 0xffff;
    this.#lastTag = tag;
    const reply = new ReplyReader(await this.#handle(body.message(type, tag)));
    const view = new DataView(reply.message.buffer, reply.message.byteOffset);
    if (view.getUint32(0, true) !== reply.message.length) throw new Error('length of the answer');
    if (view.getUint16(5, true) !== tag) throw new Error('tag of the answer');
    if (view.getUint8(4) === 7) {
      const errno = view.getUint32(7, true);
      throw new Refused(NAMES.get(errno) ?? String(errno));
    }
    if (view.getUint8(4) !== type + 1) throw new Error('type of the answer');
    return reply;
  }

  async version(messageBytes = 262_144, version = '9P2000.L') {
    const reply = await this.send(100, new MessageWriter().u32(messageBytes).text(version));
    return { messageBytes: reply.u32(), version: reply.text() };
  }
  async attach(uid = 0, fid = this.root) {
    const body = new MessageWriter().u32(fid).u32(0xffff_ffff).text('').text('').u32(uid);
    return (await this.send(104, body)).qid();
  }
  async mount(uid = 0): Promise<this> {
    await this.version();
    await this.attach(uid);
    return this;
  }

  async walkTo(fid: number, toFid: number, names: readonly string[]) {
    const body = new MessageWriter().u32(fid).u32(toFid).u16(names.length);
    for (const name of names) body.text(name);
    const reply = await this.send(110, body);
    return Array.from({ length: reply.u16() }, () => reply.qid());
  }
  /** A number for a path below the root; ENOENT where it leads nowhere. */
  async walk(path: string, from = this.root): Promise<number> {
    const fid = (this.#lastFid += 1);
    const names = path.split('/').filter((name) => name !== '');
    let at = from;
    for (let done = 0; done === 0 || done < names.length; done += 16) {
      const some = names.slice(done, done + 16);
      if ((await this.walkTo(at, fid, some)).length < some.length) throw new Refused('ENOENT');
      at = fid;
    }
    return fid;
  }
  async #parent(path: string): Promise<readonly [fid: number, name: string]> {
    const at = path.lastIndexOf('/');
    return [await this.walk(at < 0 ? '' : path.slice(0, at)), path.slice(at + 1)];
  }
  async #in<Value>(path: string, act: (fid: number, name: string) => Promise<Value>): Promise<Value> {
    const [fid, name] = await this.#parent(path);
    try {
      return await act(fid, name);
    } finally {
      await this.clunk(fid);
    }
  }
  async #with<Value>(path: string, act: (fid: number) => Promise<Value>): Promise<Value> {
    const fid = await this.walk(path);
    try {
      return await act(fid);
    } finally {
      await this.clunk(fid);
    }
  }

  /** An open number. */
  async open(path: string, flags = READ): Promise<number> {
    const fid = await this.walk(path);
    try {
      await this.send(12, new MessageWriter().u32(fid).u32(flags));
    } catch (error) {
      await this.clunk(fid);
      throw error;
    }
    return fid;
  }
  async create(path: string, { flags = BOTH, mode = 0o644, gid = 0 } = {}): Promise<number> {
    const [fid, name] = await this.#parent(path);
    try {
      await this.send(14, new MessageWriter().u32(fid).text(name).u32(flags).u32(mode).u32(gid));
    } catch (error) {
      await this.clunk(fid);
      throw error;
    }
    return fid;
  }
  async read(fid: number, position: number, count: number): Promise<Uint8Array> {
    const reply = await this.send(116, new MessageWriter().u32(fid).u64(position).u32(count));
    return reply.bytes(reply.u32());
  }
  async write(fid: number, position: number, content: string | Uint8Array): Promise<number> {
    const bytes = typeof content === 'string' ? ENCODER.encode(content) : content;
    return (await this.send(118, new MessageWriter().u32(fid).u64(position).u32(bytes.length).bytes(bytes))).u32();
  }
  clunk = (fid: number) => this.send(120, new MessageWriter().u32(fid));
  sync = (fid: number) => this.send(50, new MessageWriter().u32(fid));

  /** Writes a file anew. */
  async put(path: string, content: string | Uint8Array): Promise<void> {
    const fid = await this.create(path, { flags: WRITE | TRUNCATE });
    const bytes = typeof content === 'string' ? ENCODER.encode(content) : content;
    for (let at = 0; at < bytes.length; at += 200_000) await this.write(fid, at, bytes.subarray(at, at + 200_000));
    await this.clunk(fid);
  }
  async bytesOf(path: string): Promise<Uint8Array> {
    const fid = await this.open(path);
    const pieces: Uint8Array[] = [];
    for (let at = 0; ; ) {
      const piece = await this.read(fid, at, 200_000);
      if (piece.length === 0) break;
      pieces.push(piece);
      at += piece.length;
    }
    await this.clunk(fid);
    return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  }
  textOf = async (path: string) => DECODER.decode(await this.bytesOf(path));

  statOf = (fid: number) => this.send(24, new MessageWriter().u32(fid).u64(0x7ff)).then(statIn);
  stat = (path: string) => this.#with(path, (fid) => this.statOf(fid));

  async entries(fid: number, after: number, count: number): Promise<{ entries: Entry[]; next: number }> {
    const reply = await this.send(40, new MessageWriter().u32(fid).u64(after).u32(count));
    const entries: Entry[] = [];
    let next = after;
    reply.u32();
    while (!reply.isAtEnd) {
      const qid = reply.qid();
      next = reply.u64();
      const type = reply.u8();
      const name = reply.text();
      if (kindOf(type === 4, type === 10) !== qid.kind) throw new Error('kind of an entry');
      entries.push({ name, ...qid });
    }
    return { entries, next };
  }
  /** Names in a folder, sorted, with `/` behind folders and `@` behind links. */
  async names(path: string, count = 8_000): Promise<string[]> {
    const fid = await this.open(path);
    const names: string[] = [];
    for (let after = 0; ; ) {
      const { entries, next } = await this.entries(fid, after, count);
      if (entries.length === 0) break;
      after = next;
      for (const { name, kind } of entries) names.push(name + { file: '', folder: '/', link: '@' }[kind]);
    }
    await this.clunk(fid);
    return names.filter((name) => name !== './' && name !== '../').sort();
  }

  mkdir = (path: string, mode = 0o755) =>
    this.#in(path, (fid, name) => this.send(72, new MessageWriter().u32(fid).text(name).u32(mode).u32(0)));
  symlink = (path: string, target: string) =>
    this.#in(path, (fid, name) => this.send(16, new MessageWriter().u32(fid).text(name).text(target).u32(0)));
  mknod = (path: string, mode: number) =>
    this.#in(path, (fid, name) =>
      this.send(18, new MessageWriter().u32(fid).text(name).u32(mode).u32(0).u32(0).u32(0)),
    );
  link = (path: string, fid: number) =>
    this.#in(path, (folder, name) => this.send(70, new MessageWriter().u32(folder).u32(fid).text(name)));
  readlink = (path: string) =>
    this.#with(path, async (fid) => (await this.send(22, new MessageWriter().u32(fid))).text());
  unlink = (path: string, flags = 0) =>
    this.#in(path, (fid, name) => this.send(76, new MessageWriter().u32(fid).text(name).u32(flags)));
  rmdir = (path: string) => this.unlink(path, 0x200);
  remove = async (path: string) => this.send(122, new MessageWriter().u32(await this.walk(path)));
  rename = (path: string, to: string) =>
    this.#in(path, (fid, name) =>
      this.#in(to, (toFid, toName) => this.send(74, new MessageWriter().u32(fid).text(name).u32(toFid).text(toName))),
    );
  renameFid = (fid: number, to: string) =>
    this.#in(to, (toFid, toName) => this.send(20, new MessageWriter().u32(fid).u32(toFid).text(toName)));

  setFid(fid: number, what: { mode?: number; uid?: number; gid?: number; size?: number | bigint; mtimeMs?: number }) {
    const { mode, uid, gid, size, mtimeMs } = what;
    const bits = [mode, uid, gid, size].map((value, at) => (value === undefined ? 0 : 1 << at));
    const valid = bits.reduce((sum, bit) => sum | bit, mtimeMs === undefined ? 0 : 0x120);
    const body = new MessageWriter()
      .u32(fid)
      .u32(valid)
      .u32(mode ?? 0)
      .u32(uid ?? 0)
      .u32(gid ?? 0)
      .u64(size ?? 0);
    const [seconds, rest] = [Math.floor((mtimeMs ?? 0) / 1000), (mtimeMs ?? 0) % 1000];
    return this.send(
      26,
      body
        .u64(0)
        .u64(0)
        .u64(seconds)
        .u64(Math.floor(rest * 1e6)),
    );
  }
  set = (path: string, what: Parameters<GuestClient['setFid']>[1]) => this.#with(path, (fid) => this.setFid(fid, what));
}

function statIn(reply: ReplyReader) {
  reply.u64();
  const qid = reply.qid();
  const mode = reply.u32();
  const [uid, gid, links] = [reply.u32(), reply.u32(), reply.u64()];
  reply.u64();
  const sizeBytes = reply.u64();
  reply.u64();
  reply.u64();
  const [accessedAtMs, modifiedAtMs] = [atMs(reply), atMs(reply)];
  return { ...qid, type: mode >> 12, mode: mode & 0o7777, uid, gid, links, sizeBytes, accessedAtMs, modifiedAtMs };
}

const atMs = (reply: ReplyReader) => reply.u64() * 1000 + reply.u64() / 1e6;
