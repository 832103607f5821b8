import type { Served } from './answers.ts';
import type { Opening } from './fids.ts';
import type { Nodes, TreeNode } from './nodes.ts';

const VERSION = 1;

interface DumpedNode {
  /** Null for what was removed while it was open. */
  readonly path: string | null;
  readonly kind: TreeNode['kind'];
  readonly inode: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedAtMs: number;
  readonly accessedAtMs: number | null;
  /** Of a removed file: nothing else has them. */
  readonly bytes: Uint8Array | null;
}

interface DumpedFid {
  readonly number: number;
  /** Which of the nodes. */
  readonly node: number;
  readonly uid: number;
  readonly opening: Opening | null;
}

/** What a saved machine's numbers mean; may be cloned and stored. */
export interface ShareDump {
  readonly version: typeof VERSION;
  readonly messageBytes: number;
  readonly lastInode: number;
  readonly nodes: readonly DumpedNode[];
  readonly fids: readonly DumpedFid[];
}

export function dumpShare({ mirror, fids, messageBytes }: Served): ShareDump {
  const nodes: DumpedNode[] = [];
  const places = new Map<TreeNode, number>();
  const placeOf = (node: TreeNode): number => {
    const known = places.get(node);
    if (known !== undefined) return known;
    places.set(node, nodes.length);
    nodes.push(dumped(mirror, node));
    return nodes.length - 1;
  };
  const dumpedFids = [...fids.entries()].map(([number, { node, uid, opening }]) => {
    return { number, node: placeOf(node), uid, opening };
  });
  return { version: VERSION, messageBytes, lastInode: mirror.nodes.lastInode, nodes, fids: dumpedFids };
}

function dumped(mirror: Served['mirror'], node: TreeNode): DumpedNode {
  const { kind, inode, mode, uid, gid, modifiedAtMs, accessedAtMs } = node;
  const path = mirror.nodes.isPlaced(node) ? mirror.nodes.pathOf(node) : null;
  const bytes = path === null && node.kind === 'file' ? mirror.keptBytesOf(node) : null;
  return { path, kind, inode, mode, uid, gid, modifiedAtMs, accessedAtMs, bytes };
}

/** False where it cannot be used. The tree has been looked at. */
export function loadShare(served: Served, dump: ShareDump): boolean {
  if (dump.version !== VERSION) return false;
  const { mirror, fids } = served;
  mirror.nodes.skipInodes(dump.lastInode);
  const nodes = dump.nodes.map((one) => loaded(mirror, one));
  served.messageBytes = dump.messageBytes;
  fids.clear();
  for (const { number, node: place, uid, opening } of dump.fids) {
    const node = nodes[place];
    if (!node) continue;
    const fid = { node, uid, opening: null };
    fids.set(number, fid);
    if (opening) fids.open(fid, node, opening);
  }
  return true;
}

/** The node of that path, under its old inode; what is gone, or another kind now, is a node that is nowhere. */
function loaded(mirror: Served['mirror'], one: DumpedNode): TreeNode {
  const { nodes } = mirror;
  const { inode, accessedAtMs } = one;
  const found = one.path === null ? undefined : nodes.at(one.path === '' ? [] : one.path.split('/'));
  if (found?.kind === one.kind) {
    found.inode = inode;
    found.accessedAtMs = accessedAtMs;
    return found;
  }
  const lost = lostNode(nodes, one);
  if (lost.kind === 'file' && one.bytes) mirror.keepBytes(lost, one.bytes);
  return lost;
}

function lostNode(nodes: Nodes, { kind, inode, modifiedAtMs, ...rights }: DumpedNode): TreeNode {
  if (kind === 'file') return nodes.file('', rights, modifiedAtMs, inode);
  if (kind === 'folder') return nodes.folder('', rights, modifiedAtMs, inode);
  return nodes.link('', '', rights, modifiedAtMs);
}
