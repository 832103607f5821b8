import * as v from 'valibot';
import { namesOf } from '../../contracts/file-paths.ts';
import { type FileErrno, KEPT_FOLDER, type SessionFiles } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Nodes, Rights, TreeNode } from './nodes.ts';
import { refuse } from './refusal.ts';

/** Where a tree keeps what the workspace has no place for: modes, owners and links. Any program may write to it. */
export const ATTRIBUTES_PATH = `${KEPT_FOLDER}/linux-attributes.json`;
const VERSION = 1;

const whole = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
const id = whole(0xffff_ffff);
const path = v.pipe(
  v.string(),
  v.check((text) => (namesOf(text) ?? []).join('/') === text && text !== ''),
);
const target = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.linkTargetBytes.standard), v.excludes('\0'));
/** Path, mode, owner, group, and of a link where it leads. */
const entry = v.tuple([path, whole(0o7777), id, id, v.nullable(target)]);
const stored = v.object({
  version: v.literal(VERSION),
  entries: v.pipe(v.array(entry), v.maxLength(LIMITS.fileCount.standard)),
});

/** What is kept of a path: its rights, and of a link where it leads. */
export interface Attributes extends Rights {
  readonly target: string | null;
}

/** By path: the links, and the files and folders that are not as others are. */
export type AttributesByPath = ReadonlyMap<string, Attributes>;

/** What stands in the tree; null where that is missing or no attributes. Refuses EIO where the tree fails. */
export async function readAttributes(files: Pick<SessionFiles, 'perform'>): Promise<AttributesByPath | null> {
  const length = LIMITS.shareAttributesBytes.standard;
  const answer = await files.perform({ op: 'read', path: ATTRIBUTES_PATH, position: 0, length });
  // Taken for none, they would be written over.
  if (!answer.ok && answer.errno === 'EIO') return refuse('EIO');
  if (!answer.ok || !answer.bytes) return null;
  const text = new TextDecoder().decode(answer.bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Some program's own file of that name: the tree is used without.
    return null;
  }
  const parsed = v.safeParse(stored, json);
  if (!parsed.success) return null;
  return new Map(
    parsed.output.entries.map(([at, mode, uid, gid, leadsTo]) => [at, { mode, uid, gid, target: leadsTo }]),
  );
}

/** What is to be kept of these nodes. */
export function attributesOf(nodes: Nodes, isUsual: (node: TreeNode) => boolean): AttributesByPath {
  const kept = new Map<string, Attributes>();
  for (const node of nodes.below(nodes.root)) {
    if (isUsual(node)) continue;
    const { mode, uid, gid } = node;
    kept.set(nodes.pathOf(node), { mode, uid, gid, target: node.kind === 'link' ? node.target : null });
  }
  return kept;
}

/** Both are the same, or both are none. */
export function isSame(one: Attributes | undefined, other: Attributes | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.mode === other.mode && one.uid === other.uid && one.gid === other.gid && one.target === other.target;
}

/** Writes them, also where there are none any more. Why the tree did not take it; null where it did. */
export async function writeAttributes(
  files: Pick<SessionFiles, 'perform'>,
  kept: AttributesByPath,
): Promise<FileErrno | null> {
  const entries = [...kept].map(([at, { mode, uid, gid, target: leadsTo }]) => [at, mode, uid, gid, leadsTo]);
  const bytes = new TextEncoder().encode(JSON.stringify({ version: VERSION, entries }));
  if (bytes.length > LIMITS.shareAttributesBytes.standard) return 'ENOSPC';
  // It is there already, most times.
  await files.perform({ op: 'mkdir', path: KEPT_FOLDER });
  const answer = await files.perform({ op: 'write', path: ATTRIBUTES_PATH, position: 0, bytes, truncateTo: 0 });
  return answer.ok ? null : answer.errno;
}
