import { isFailed, type TestNode } from './test-node.ts';

/** As `inspect` of `node:util`. */
type Inspect = (value: unknown) => string;

const SIGN = { passed: '✔', failed: '✖', skipped: '﹣', todo: '⚠', open: '▶' } as const;

const durationOf = ({ durationMs }: TestNode): string => `(${Number(durationMs.toFixed(6))}ms)`;
const indented = (text: string, by: string): string => text.replaceAll(/^(?=.)/gmu, by);

function signOf(node: TestNode): string {
  if (node.skip !== false) return SIGN.skipped;
  if (node.failure === null) return SIGN.passed;
  return node.todo === false ? SIGN.failed : SIGN.todo;
}

/** Why it was skipped, or is still to be done. */
function reasonOf({ skip, todo }: TestNode): string {
  const [given, word] = skip === false ? [todo, 'todo'] : [skip, 'skip'];
  return given === false ? '' : ` # ${typeof given === 'string' ? given : word.toUpperCase()}`;
}

/** What Node's `spec` reporter prints of a test that has ended, and of all within it. */
export function linesOf(node: TestNode, indent = ''): string {
  const last = `${indent}${signOf(node)} ${node.name} ${durationOf(node)}${reasonOf(node)}\n`;
  const notes = node.notes.map((note) => `${indent}ℹ ${note}\n`).join('');
  if (node.children.length === 0) return last + notes;
  const children = node.children.map((child) => linesOf(child, `${indent}  `)).join('');
  return `${indent}${SIGN.open} ${node.name}\n${children}${last}${notes}`;
}

const allOf = (node: TestNode): readonly TestNode[] => [node, ...node.children.flatMap(allOf)];

function failingOf(node: TestNode, inspect: Inspect): string {
  const place = node.place === null ? '' : `test at ${node.place}\n`;
  const error = indented(inspect(node.failure?.error), '  ');
  return `\n${place}${signOf(node)} ${node.name} ${durationOf(node)}${reasonOf(node)}\n${error}\n`;
}

/** What it prints when all have ended: the counts, and each failure. */
export function summaryOf(roots: readonly TestNode[], durationMs: number, inspect: Inspect): string {
  const all = roots.flatMap(allOf);
  const tests = all.filter(({ isSuite }) => !isSuite);
  const count = (isOne: (node: TestNode) => boolean): number => tests.filter(isOne).length;
  const lines: readonly (readonly [string, number])[] = [
    ['tests', tests.length],
    ['suites', all.length - tests.length],
    ['pass', count(({ failure, skip, todo }) => failure === null && skip === false && todo === false)],
    ['fail', count(isFailed)],
    ['cancelled', 0],
    ['skipped', count(({ skip }) => skip !== false)],
    ['todo', count(({ skip, todo }) => skip === false && todo !== false)],
    ['duration_ms', Number(durationMs.toFixed(6))],
  ];
  const failing = all.filter(({ failure, skip }) => failure !== null && !failure.isOfChildren && skip === false);
  const counts = lines.map(([name, value]) => `ℹ ${name} ${value}\n`).join('');
  if (failing.length === 0) return counts;
  return `${counts}\n✖ failing tests:\n${failing.map((node) => failingOf(node, inspect)).join('')}`;
}
