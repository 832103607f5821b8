import { LIMITS } from '../../contracts/limits.ts';
import type { Answers, Served } from './answers.ts';
import type { Fid, Opening } from './fids.ts';
import { checkDepth, checkName, checkPlace } from './names.ts';
import { checkMovable, checkWritable } from './read-only.ts';
import { type FileNode, type FolderNode, isWithin, type Rights, type TreeNode } from './nodes.ts';
import { refuse } from './refusal.ts';
import { Writer } from './reply.ts';
import type { AttributeChange } from './request.ts';

const ACCESS = 0o3;
const WRITE_ONLY = 1;
const EXCLUSIVE = 0o200;
const TRUNCATE = 0o1000;
const APPEND = 0o2000;
const PERMISSIONS = 0o7777;
const NODE_TYPE = 0o170000;
const REGULAR = 0o100000;
const ENCODER = new TextEncoder();

/** Requests that change the tree, and those that open for it. */
export const CHANGES: Answers<
  | 'open'
  | 'create'
  | 'makeLink'
  | 'makeNode'
  | 'makeFolder'
  | 'rename'
  | 'renameAt'
  | 'removeAt'
  | 'remove'
  | 'setAttributes'
  | 'write'
  | 'sync'
> = {
  async open({ fid: number, flags }, served) {
    const { mirror, fids } = served;
    const fid = fids.get(number);
    const { node } = fid;
    await mirror.fresh(node);
    if (!mirror.nodes.isPlaced(node)) return refuse('ENOENT');
    if (node.kind === 'link') return refuse('ELOOP');
    const opening = openingOf(flags);
    if (node.kind === 'folder' && opening.writes) return refuse('EISDIR');
    checkOpening(served, node, flags, node);
    fids.open(fid, node, opening);
    if (node.kind === 'file' && opening.writes && (flags & TRUNCATE) !== 0) mirror.cut(node, 0);
    return new Writer().qid(node).u32(0);
  },

  async create({ fid: number, name, flags, mode, gid }, served) {
    const { mirror, fids } = served;
    const { fid, folder } = fids.folder(number);
    if (fid.opening) return refuse('EINVAL');
    const known = await nodeAt(served, folder, name);
    if (known && (flags & EXCLUSIVE) !== 0) return refuse('EEXIST');
    if (known?.kind === 'folder') return refuse('EISDIR');
    if (known?.kind === 'link') return refuse('ELOOP');
    checkOpening(served, known, flags, folder, name);
    const file = known ?? (await newFile(served, folder, name, { mode, uid: fid.uid, gid }));
    fids.open(fid, file, openingOf(flags));
    if (known && (flags & TRUNCATE) !== 0) mirror.cut(file, 0);
    return new Writer().qid(file).u32(0);
  },

  async makeNode({ fid: number, name, mode, gid }, served) {
    const { fid, folder } = served.fids.folder(number);
    // Pipes, sockets and devices have no place among files.
    if ((mode & NODE_TYPE) !== REGULAR) return refuse('EPERM');
    if (await nodeAt(served, folder, name)) return refuse('EEXIST');
    checkWritable(served, folder, name);
    return new Writer().qid(await newFile(served, folder, name, { mode, uid: fid.uid, gid }));
  },

  async makeFolder({ fid: number, name, mode, gid }, served) {
    const { fid, folder } = served.fids.folder(number);
    if (await nodeAt(served, folder, name)) return refuse('EEXIST');
    checkWritable(served, folder, name);
    await served.mirror.fits(0, 1);
    checkPlace(served.mirror.nodes, folder, name);
    return new Writer().qid(made(served, served.mirror.makeFolder(folder, name, rights(mode, fid, gid))));
  },

  async makeLink({ fid: number, name, target, gid }, served) {
    const { fid, folder } = served.fids.folder(number);
    if (target === '' || target.includes('\0')) return refuse('EINVAL');
    if (ENCODER.encode(target).length > LIMITS.linkTargetBytes.standard) return refuse('ENAMETOOLONG');
    if (await nodeAt(served, folder, name)) return refuse('EEXIST');
    checkWritable(served, folder, name);
    await served.mirror.fits(0, 1);
    checkPlace(served.mirror.nodes, folder, name);
    return new Writer().qid(made(served, served.mirror.makeLink(folder, name, target, rights(0o777, fid, gid))));
  },

  async rename({ fid, toFid, toName }, served) {
    const { node } = served.fids.get(fid);
    await move(served, node, served.fids.folder(toFid).folder, toName);
    return new Writer(0);
  },

  async renameAt({ fid, name, toFid, toName }, served) {
    const { folder } = served.fids.folder(fid);
    const to = served.fids.folder(toFid).folder;
    await move(served, (await nodeAt(served, folder, name)) ?? refuse('ENOENT'), to, toName);
    return new Writer(0);
  },

  async removeAt({ fid, name, wantsFolder }, served) {
    const { folder } = served.fids.folder(fid);
    const node = (await nodeAt(served, folder, name)) ?? refuse('ENOENT');
    if ((node.kind === 'folder') !== wantsFolder) return refuse(wantsFolder ? 'ENOTDIR' : 'EISDIR');
    await removed(served, node);
    return new Writer(0);
  },

  async remove({ fid }, served) {
    const { node } = served.fids.get(fid);
    try {
      await removed(served, node);
    } finally {
      // The number is free even where its file stays.
      served.fids.close(fid);
    }
    return new Writer(0);
  },

  async setAttributes({ fid, change }, served) {
    const { node } = served.fids.get(fid);
    await served.mirror.fresh(node);
    checkWritable(served, node);
    if (change.sizeBytes !== undefined) await cut(served, node, change.sizeBytes);
    setRights(served, node, change);
    setTimes(served, node, change);
    return new Writer(0);
  },

  async write({ fid, position, bytes }, { mirror, fids }) {
    const { file, opening } = fids.file(fid);
    if (!opening.writes) return refuse('EBADF');
    for (let room = mirror.journal.room(); room; room = mirror.journal.room()) await room;
    await mirror.fresh(file);
    const end = (opening.appends ? file.sizeBytes : position) + bytes.length;
    if (end > LIMITS.fileBytes.standard) return refuse('EFBIG');
    if (end > file.sizeBytes) await mirror.fits(end - file.sizeBytes);
    if (bytes.length > 0) mirror.write(file, opening.appends ? file.sizeBytes : position, bytes);
    return new Writer(4).u32(bytes.length);
  },

  async sync({ fid }, served) {
    served.fids.get(fid);
    await served.mirror.journal.settled();
    const refused = await served.attributes.store();
    const isOnDisk = (await served.flush?.()) ?? true;
    // What a program made in the place of what is stored is no failure of this file.
    const lost = served.lost ?? (refused === 'ENOSPC' || refused === 'EIO' ? refused : null);
    served.lost = null;
    if (lost) return refuse(lost);
    return isOnDisk ? new Writer(0) : refuse('EIO');
  },
};

function openingOf(flags: number): Opening {
  const access = flags & ACCESS;
  return { reads: access !== WRITE_ONLY, writes: access !== 0, appends: (flags & APPEND) !== 0 };
}

/** Of what is only read, nothing is made, written or cut. */
function checkOpening(
  served: Served,
  known: TreeNode | undefined,
  flags: number,
  ...place: readonly [node: TreeNode, name?: string]
): void {
  if (!known || openingOf(flags).writes || (flags & TRUNCATE) !== 0) checkWritable(served, ...place);
}

function rights(mode: number, { uid }: Pick<Fid, 'uid'>, gid: number): Rights {
  return { mode: mode & PERMISSIONS, uid, gid };
}

/** What has that name; looked at anew where others changed it. */
async function nodeAt({ mirror }: Served, folder: FolderNode, name: string): Promise<TreeNode | undefined> {
  checkName(name);
  await mirror.fresh(folder);
  const known = folder.children.get(name);
  if (known) await mirror.fresh(known);
  return folder.children.get(name);
}

async function newFile(served: Served, folder: FolderNode, name: string, of: Rights): Promise<FileNode> {
  await served.mirror.fits(0, 1);
  checkPlace(served.mirror.nodes, folder, name);
  return made(served, served.mirror.create(folder, name, rights(of.mode, of, of.gid)));
}

function made<Made extends TreeNode>(served: Served, node: Made): Made {
  served.attributes.moved(node);
  return node;
}

async function removed(served: Served, node: TreeNode): Promise<void> {
  const { mirror } = served;
  await mirror.fresh(node);
  if (node === mirror.nodes.root) refuse('EPERM');
  if (!mirror.nodes.isPlaced(node)) refuse('ENOENT');
  if (node.kind === 'folder' && node.children.size > 0) refuse('ENOTEMPTY');
  checkMovable(served, node);
  await mirror.remove(node);
  served.attributes.moved(node);
}

/** POSIX: a file replaces a file, a folder an empty folder, and none goes into itself. */
async function move(served: Served, node: TreeNode, to: FolderNode, name: string): Promise<void> {
  const { mirror } = served;
  const replaced = await nodeAt(served, to, name);
  checkPlace(mirror.nodes, to, name);
  if (replaced === node) return;
  if (!mirror.nodes.isPlaced(node)) return refuse('ENOENT');
  checkMovable(served, node);
  checkWritable(served, to, name);
  if (node.kind === 'folder' && isWithin(to, node)) return refuse('EINVAL');
  if (replaced) checkReplaced(node, replaced);
  checkDepth(mirror.nodes, node, to, name);
  await mirror.move(node, to, name);
  served.attributes.moved(node);
  served.attributes.moved(replaced);
}

function checkReplaced(node: TreeNode, replaced: TreeNode): void {
  if (replaced.kind === 'folder' && node.kind !== 'folder') refuse('EISDIR');
  if (replaced.kind !== 'folder' && node.kind === 'folder') refuse('ENOTDIR');
  if (replaced.kind === 'folder' && replaced.children.size > 0) refuse('ENOTEMPTY');
}

async function cut({ mirror }: Served, node: TreeNode, sizeBytes: number): Promise<void> {
  if (node.kind === 'folder') return refuse('EISDIR');
  if (node.kind === 'link') return refuse('EINVAL');
  if (sizeBytes > LIMITS.fileBytes.standard) return refuse('EFBIG');
  if (sizeBytes > node.sizeBytes) await mirror.fits(sizeBytes - node.sizeBytes);
  mirror.cut(node, sizeBytes);
}

function setRights(served: Served, node: TreeNode, { mode, uid, gid }: AttributeChange): void {
  if (mode === undefined && uid === undefined && gid === undefined) return;
  if (mode !== undefined) node.mode = mode & PERMISSIONS;
  if (uid !== undefined) node.uid = uid;
  if (gid !== undefined) node.gid = gid;
  node.changedAtMs = served.mirror.now();
  served.attributes.changed();
}

function setTimes(served: Served, node: TreeNode, { accessed, modified }: AttributeChange): void {
  const now = served.mirror.now();
  if (accessed !== undefined) node.accessedAtMs = accessed === 'now' ? now : accessed;
  if (modified !== undefined) node.modifiedAtMs = modified === 'now' ? now : modified;
}
