import { type ArithmeticFor, type CompoundList, forEachChild, type SyntaxNode, type While } from 'unbash';

const TRUE_COMMANDS = new Set(['true', ':']);
const LEAVING = new Set(['break', 'return', 'exit', 'exec']);
const LOOPS = new Set(['While', 'For', 'ArithmeticFor', 'Select']);

/** The only command of a condition, as its words; null where there is more. */
function onlyCommand(clause: CompoundList): readonly string[] | null {
  const [only, ...rest] = clause.commands;
  if (!only || rest.length > 0) return null;
  const { command } = only;
  if (command.type === 'ArithmeticCommand') return ['((', command.body.trim()];
  if (command.type !== 'Command' || !command.name) return null;
  return [command.name.value, ...command.args.map((argument) => argument.text)];
}

function isAlways(loop: While): boolean {
  const words = onlyCommand(loop.clause);
  if (!words) return false;
  const [name = '', ...rest] = words;
  if (loop.kind === 'until') return name === 'false' || (name === '((' && rest[0] === '0');
  if (TRUE_COMMANDS.has(name)) return true;
  if (name === '((') return rest[0] !== undefined && Number(rest[0]) > 0;
  return name === '[' && rest.length === 2 && rest[1] === ']';
}

/** Whether the body has a command that leaves the loop; `break` counts only for its own loop, `break 2` for two. */
function hasWayOut(body: CompoundList): boolean {
  const open: { node: SyntaxNode; loops: number }[] = [{ node: body, loops: 0 }];
  let nodes = 0;
  for (let at = open.pop(); at && nodes < 20_000; at = open.pop()) {
    nodes += 1;
    const { node, loops } = at;
    if (node.type === 'Command' && node.name && LEAVING.has(node.name.value)) {
      const levels = Number(node.args[0]?.text ?? 1);
      if (node.name.value !== 'break' || levels > loops) return true;
    }
    const inner = LOOPS.has(node.type) ? loops + 1 : loops;
    if (node.type !== 'Function') forEachChild(node, (child) => open.push({ node: child, loops: inner }));
  }
  return false;
}

/** `while true`, `until false`, `for ((;;))` without a way out. */
export function isEndlessLoop(loop: While | ArithmeticFor): boolean {
  const isStuck = loop.type === 'ArithmeticFor' ? loop.test === undefined : isAlways(loop);
  return isStuck && !hasWayOut(loop.body);
}
