import { LIMITS } from '../../contracts/limits.ts';
import type { Answers, Served } from './answers.ts';
import { checkName } from './names.ts';
import type { FolderNode, TreeNode } from './nodes.ts';
import { refuse } from './refusal.ts';
import { type Attributes, HEADER_BYTES, writeAttributes, writeEntry, Writer, writeUsage } from './reply.ts';

/** What the guest may ask for at least and what it gets at most, whatever it asks for. */
const SMALLEST_MESSAGE_BYTES = 8192;
const NO_USER = 0xffff_ffff;
/** Of an answer with bytes: header and their number. */
const READ_BYTES = HEADER_BYTES + 4;
const ENCODER = new TextEncoder();
const UNLOCKED = 2;

/** Requests that change nothing in the tree. */
export const LOOKS: Answers<
  | 'version'
  | 'attach'
  | 'flush'
  | 'walk'
  | 'readLink'
  | 'attributes'
  | 'list'
  | 'read'
  | 'clunk'
  | 'usage'
  | 'lock'
  | 'testLock'
  | 'refused'
> = {
  version({ messageBytes, version }, served) {
    served.fids.clear();
    if (messageBytes < SMALLEST_MESSAGE_BYTES) return refuse('EINVAL');
    served.messageBytes = Math.min(messageBytes, LIMITS.shareMessageBytes.standard);
    return new Writer().u32(served.messageBytes).text(version === '9P2000.L' ? version : 'unknown');
  },

  async attach({ fid, uid }, { mirror, fids }) {
    const { root } = mirror.nodes;
    await mirror.fresh(root);
    fids.set(fid, { node: root, uid: uid === NO_USER ? 0 : uid, opening: null });
    return new Writer().qid(root);
  },

  // Requests are answered in order: the one to be given up has its answer.
  flush: () => new Writer(0),

  async walk({ fid: number, toFid, names }, served) {
    const fid = served.fids.get(number);
    const reply = new Writer().u16(0);
    let [node, steps] = [fid.node, 0];
    for (const name of names) {
      const next = await step(served, node, name, steps === 0);
      if (!next) break;
      node = next;
      steps += 1;
      reply.qid(node);
    }
    if (steps === names.length) served.fids.set(toFid, { node, uid: fid.uid, opening: null });
    return reply.patch16(steps);
  },

  readLink({ fid }, { fids }) {
    const { node } = fids.get(fid);
    return node.kind === 'link' ? new Writer().text(node.target) : refuse('EINVAL');
  },

  async attributes({ fid }, { mirror, fids }) {
    const { node } = fids.get(fid);
    await mirror.fresh(node);
    return writeAttributes(new Writer(160), attributesOf(node));
  },

  async list({ fid: number, after, count }, served) {
    const { fid, folder } = served.fids.folder(number);
    if (!fid.opening) return refuse('EBADF');
    await served.mirror.fresh(folder);
    const most = Math.min(count, served.messageBytes - READ_BYTES);
    const reply = new Writer(Math.min(most, 4096)).u32(0);
    if (!writeEntries(reply, folder, after, READ_BYTES + most) && reply.length === READ_BYTES) return refuse('EINVAL');
    return reply.patch32(reply.length - READ_BYTES);
  },

  async read({ fid, position, count }, { mirror, fids, messageBytes }) {
    const { file, opening } = fids.file(fid);
    if (!opening.reads) return refuse('EBADF');
    await mirror.fresh(file);
    const length = Math.max(0, Math.min(count, messageBytes - READ_BYTES, file.sizeBytes - position));
    const reply = new Writer(4 + length).u32(length);
    await mirror.read(file, position, reply.space(length));
    return reply;
  },

  clunk({ fid }, { fids }) {
    fids.get(fid);
    fids.close(fid);
    return new Writer(0);
  },

  async usage({ fid }, { mirror, fids }) {
    fids.get(fid);
    const { nodes, mostBytes } = mirror;
    await mirror.counted();
    const count = { total: LIMITS.fileCount.standard, used: nodes.count };
    return writeUsage(new Writer(), { total: mostBytes, used: nodes.bytes }, count);
  },

  // Each guest's kernel keeps a table of locks itself; between guests nothing is locked.
  lock: () => new Writer(1).u8(0),
  testLock: ({ start, length, pid, client }) => new Writer().u8(UNLOCKED).u64(start).u64(length).u32(pid).text(client),

  refused: ({ errno }) => refuse(errno),
};

/** One name further; null where there is none, which is refused for the first. */
async function step({ mirror }: Served, from: TreeNode, name: string, isFirst: boolean): Promise<TreeNode | null> {
  await mirror.fresh(from);
  if (name === '..') return from.parent ?? from;
  checkName(name);
  if (from.kind !== 'folder') return isFirst ? refuse('ENOTDIR') : null;
  const known = from.children.get(name);
  if (known) await mirror.fresh(known);
  return from.children.get(name) ?? (isFirst ? refuse('ENOENT') : null);
}

/** What a guest is told of a node. A file never read has the time of its last change as that of its last reading. */
export function attributesOf(node: TreeNode): Attributes {
  const { kind, inode, uid, gid, modifiedAtMs, changedAtMs } = node;
  return {
    kind,
    inode,
    uid,
    gid,
    modifiedAtMs,
    changedAtMs,
    mode: kind === 'link' ? 0o777 : node.mode,
    sizeBytes: kind === 'file' ? node.sizeBytes : kind === 'link' ? ENCODER.encode(node.target).length : 0,
    accessedAtMs: node.accessedAtMs ?? modifiedAtMs,
  };
}

/** False where there is something that did not fit. */
function writeEntries(into: Writer, folder: FolderNode, after: number, most: number): boolean {
  if (after < 1 && !writeEntry(into, '.', folder, 1, most)) return false;
  if (after < 2 && !writeEntry(into, '..', folder.parent ?? folder, 2, most)) return false;
  for (const child of folder.children.values()) {
    // Half of a pair has no UTF-8: no program of the guest could ask for such a name.
    if (child.cookie <= after || !child.name.isWellFormed()) continue;
    if (!writeEntry(into, child.name, child, child.cookie, most)) return false;
  }
  return true;
}
