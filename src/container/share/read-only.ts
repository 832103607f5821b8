import type { Served } from './answers.ts';
import type { TreeNode } from './nodes.ts';
import { refuse } from './refusal.ts';

/** Refuses EROFS for a change of the node, or of what has `name` in it. One that was removed while open is nobody's any more. */
export function checkWritable({ mirror: { nodes }, readOnly }: Served, node: TreeNode, name?: string): void {
  if (readOnly.length === 0 || !nodes.isPlaced(node)) return;
  const own = nodes.pathOf(node);
  const path = name === undefined ? own : own === '' ? name : `${own}/${name}`;
  if (readOnly.some((folder) => isBelow(path, folder))) refuse('EROFS');
}

/** The same for a node that would be in another place afterwards, or in none: with a folder goes what is in it. */
export function checkMovable(served: Served, node: TreeNode): void {
  checkWritable(served, node);
  const { mirror, readOnly } = served;
  const path = mirror.nodes.pathOf(node);
  if (readOnly.some((folder) => isBelow(folder, path))) refuse('EROFS');
}

const isBelow = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);
