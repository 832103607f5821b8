import * as v from 'valibot';
import { namesOf } from '../../contracts/file-paths.ts';
import { KEPT_FOLDER, type SessionFiles } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Nodes, Rights, TreeNode } from './nodes.ts';

/** Where a tree keeps what the workspace has no place for: modes, owners and links. Any program may write to it. */
const ATTRIBUTES_PATH = `${KEPT_FOLDER}/linux-attributes.json`;
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

const NONE: StoredAttributes = { rights: new Map(), links: [] };

/** What stands in the tree; nothing where that is missing or no attributes. */
export async function readAttributes(files: Pick<SessionFiles, 'perform'>): Promise<StoredAttributes> {
  const length = LIMITS.shareAttributesBytes.standard;
  const answer = await files.perform({ op: 'read', path: ATTRIBUTES_PATH, position: 0, length });
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
export function attributesText(nodes: Nodes, usual: (node: TreeNode) => Rights): string | null {
  const entries: Entry[] = [];
  for (const node of nodes.below(nodes.root)) {
    const { mode, uid, gid } = node;
    const rights = usual(node);
    const isUsual = rights.mode === mode && rights.uid === uid && rights.gid === gid;
    if (node.kind === 'link') entries.push([nodes.pathOf(node), mode, uid, gid, node.target]);
    else if (!isUsual) entries.push([nodes.pathOf(node), mode, uid, gid, null]);
  }
  return entries.length === 0 ? null : JSON.stringify({ version: VERSION, entries });
}

/** Writes them, or takes away what stands there. False where the tree does not take it. */
export async function writeAttributes(files: Pick<SessionFiles, 'perform'>, text: string | null): Promise<boolean> {
  if (text === null) return (await files.perform({ op: 'remove', path: ATTRIBUTES_PATH })).ok;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > LIMITS.shareAttributesBytes.standard) return false;
  // It is there already, most times.
  await files.perform({ op: 'mkdir', path: KEPT_FOLDER });
  return (await files.perform({ op: 'write', path: ATTRIBUTES_PATH, position: 0, bytes, truncateTo: 0 })).ok;
}
