/** Where the runner keeps for the person what programs do not ask for: long output, an SVG beside each figure. */
const KEPT_FOLDER = '.output';

/** True for a path below the tree's root that the runner keeps and no program made. */
export function isKeptByRunner(path: string): boolean {
  return path === KEPT_FOLDER || path.startsWith(`${KEPT_FOLDER}/`);
}
