import { namesOf, storedName } from '../../contracts/file-paths.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { FolderNode, Nodes, TreeNode } from './nodes.ts';
import { refuse } from './refusal.ts';

const NAME_BYTES = 255;
const ENCODER = new TextEncoder();

/** Refuses what is no name of one thing in a folder. */
export function checkName(name: string): void {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) refuse('EINVAL');
  if (ENCODER.encode(name).length > NAME_BYTES) refuse('ENAMETOOLONG');
}

/** Refuses a name under which the workspace takes nothing in this folder, and a folder that is gone. */
export function checkPlace(nodes: Nodes, folder: FolderNode, name: string): void {
  checkName(name);
  if (!nodes.isPlaced(folder)) refuse('ENOENT');
  // What no store takes for its length once its awkward signs are written otherwise is too long.
  if (storedName(name) === null || namesOf(below(nodes, folder, name)) === null) refuse('ENAMETOOLONG');
}

/** Refuses to move a folder where the paths below it would be longer than the workspace takes. */
export function checkDepth(nodes: Nodes, moved: TreeNode, folder: FolderNode, name: string): void {
  if (moved.kind !== 'folder') return;
  let longest = 0;
  for (const node of nodes.below(moved)) longest = Math.max(longest, nodes.pathOf(node).length);
  const grown = below(nodes, folder, name).length - nodes.pathOf(moved).length;
  if (longest + grown > LIMITS.filePathUtf16.standard) refuse('ENAMETOOLONG');
}

function below(nodes: Nodes, folder: FolderNode, name: string): string {
  const above = nodes.pathOf(folder);
  return above === '' ? name : `${above}/${name}`;
}
