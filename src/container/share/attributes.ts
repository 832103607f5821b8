import * as v from 'valibot';
import { namesOf } from '../../contracts/file-paths.ts';
import {
  type FileAnswer,
  type FileErrno,
  type FileOperation,
  KEPT_FOLDER,
  type SessionFiles,
} from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Nodes, Rights, TreeNode } from './nodes.ts';
import { refuse } from './refusal.ts';

/** Where a tree keeps what the workspace has no place for: modes, owners and links. Any program may write to it. */
const ATTRIBUTES_PATH = `${KEPT_FOLDER}/linux-attributes.json`;
/** Written here first: half of them is never what is read. */
const NEW_PATH = `${ATTRIBUTES_PATH}.new`;
/** Whoever else changes what has these paths may have changed what is stored. */
export const ATTRIBUTES_PATHS: ReadonlySet<string> = new Set([KEPT_FOLDER, ATTRIBUTES_PATH, NEW_PATH]);
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
type Entry = v.InferOutput<typeof entry>;

export interface StoredAttributes {
  /** Of the files and folders that are not as others are. */
  readonly rights: ReadonlyMap<string, Rights>;
  readonly links: readonly { readonly path: string; readonly target: string; readonly rights: Rights }[];
}

/** Answers to a reading where nothing was ever stored. */
const IS_NONE: ReadonlySet<FileErrno> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);
const NONE: StoredAttributes = { rights: new Map(), links: [] };

/** What stands in the tree; nothing where that is missing, lost or no attributes. Refuses EIO where the tree fails. */
export async function readAttributes(files: Pick<SessionFiles, 'perform'>): Promise<StoredAttributes> {
  const length = LIMITS.shareAttributesBytes.standard;
  const read = () => files.perform({ op: 'read', path: ATTRIBUTES_PATH, position: 0, length });
  const isBroken = (answer: FileAnswer): boolean => !answer.ok && !IS_NONE.has(answer.errno);
  let answer = await read();
  if (isBroken(answer)) {
    const { ok } = await files.perform({ op: 'stat', path: ATTRIBUTES_PATH });
    if (!ok) return refuse('EIO');
    answer = await read();
    // The tree does answer: these bytes are lost.
    if (isBroken(answer)) console.warn('share: modes and links of files are lost');
  }
  if (!answer.ok || !answer.bytes) return NONE;
  const text = new TextDecoder().decode(answer.bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Some program's own file of that name: the tree is used without.
    return NONE;
  }
  const parsed = v.safeParse(stored, json);
  if (!parsed.success) return NONE;
  const rights = new Map<string, Rights>();
  const links = [];
  for (const [at, mode, uid, gid, leadsTo] of parsed.output.entries) {
    if (leadsTo === null) rights.set(at, { mode, uid, gid });
    else links.push({ path: at, target: leadsTo, rights: { mode, uid, gid } });
  }
  return { rights, links };
}

/** Attributes as text; null where all nodes are as they are without. */
export function attributesText(nodes: Nodes, isUsual: (node: TreeNode) => boolean): string | null {
  const entries: Entry[] = [];
  for (const node of nodes.below(nodes.root)) {
    if (isUsual(node)) continue;
    const { mode, uid, gid } = node;
    entries.push([nodes.pathOf(node), mode, uid, gid, node.kind === 'link' ? node.target : null]);
  }
  return entries.length === 0 ? null : JSON.stringify({ version: VERSION, entries });
}

/** Writes them in place of what stands there, all or nothing, or takes that away. Null, or why the tree did not take it. */
export async function writeAttributes(
  files: Pick<SessionFiles, 'perform'>,
  text: string | null,
): Promise<FileErrno | null> {
  const refusalOf = async (operation: FileOperation): Promise<FileErrno | null> => {
    const answer = await files.perform(operation).catch(() => ({ ok: false, errno: 'EIO' }) as const);
    return answer.ok ? null : answer.errno;
  };
  if (text === null) {
    const errno = await refusalOf({ op: 'remove', path: ATTRIBUTES_PATH });
    return errno !== null && IS_NONE.has(errno) ? null : errno;
  }
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > LIMITS.shareAttributesBytes.standard) return 'ENOSPC';
  const write = () => refusalOf({ op: 'write', path: NEW_PATH, position: 0, bytes, truncateTo: 0 });
  let errno = await write();
  if (errno === 'ENOENT') errno = (await refusalOf({ op: 'mkdir', path: KEPT_FOLDER })) ?? (await write());
  errno ??= await refusalOf({ op: 'rename', path: NEW_PATH, to: ATTRIBUTES_PATH });
  if (errno !== null) await refusalOf({ op: 'remove', path: NEW_PATH });
  return errno;
}
