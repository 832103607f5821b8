import { reportProblem, type DecoderContext } from '../adapter.ts';
import { emitWhole } from '../emit-message.ts';
import { hasForbiddenKey, isForbiddenKey, isObject, owns, textOrNull, type JsonObject } from '../json.ts';

/** Rules J1 and J3: the branch from `current_node` up; of other branches the messages are told of apart. */
export function decodeTree(context: DecoderContext, document: JsonObject, conversationId: string | null): void {
  const mapping = document['mapping'];
  if (!isObject(mapping)) return;
  const nodes = new Map<string, JsonObject>();
  for (const key of Object.keys(mapping)) {
    const node = mapping[key];
    if (isObject(node) && !isForbiddenKey(key)) nodes.set(key, node);
  }
  const branch = branchTo(context, leafOf(context, nodes, document['current_node']), nodes, mapping);
  let parentId: string | null = null;
  for (const key of branch) {
    const message = nodes.get(key)?.['message'];
    if (!isObject(message)) continue;
    emitHistory(context, message, conversationId, parentId);
    parentId = textOrNull(message['id']) ?? parentId;
  }
  const elsewhere = [...nodes]
    .filter(([key]) => !branch.has(key))
    .map(([, node]) => node['message'])
    .filter(isObject);
  for (const message of elsewhere) emitElsewhere(context, message, conversationId);
  context.emit({ kind: 'other-branches', conversationId, messageCount: elsewhere.length });
}

/** The page may show that branch next, and has its messages then. One with forbidden keys (J3) is only counted. */
function emitElsewhere(context: DecoderContext, message: JsonObject, conversationId: string | null): void {
  if (hasForbiddenKey(message, context.limits.nesting)) return;
  context.emit({ kind: 'branch-message', message, conversationId });
}

/** A message of history: recorded, never run (C6). */
export function emitHistory(
  context: DecoderContext,
  message: unknown,
  conversationId: string | null,
  parentId: string | null,
): void {
  emitWhole(context, message, { stream: null, conversationId, isLive: false, parentId });
}

function leafOf(context: DecoderContext, nodes: ReadonlyMap<string, JsonObject>, current: unknown): string | null {
  if (typeof current === 'string' && nodes.has(current)) return current;
  reportProblem(context, 'no_current_node');
  const parents = new Set([...nodes.values()].map((node) => node['parent']));
  let newest: string | null = null;
  let newestAt = Number.NEGATIVE_INFINITY;
  for (const [key, node] of nodes) {
    const at = createdAt(node);
    if (parents.has(key) || at <= newestAt) continue;
    newest = key;
    newestAt = at;
  }
  return newest;
}

function createdAt(node: JsonObject): number {
  const { message } = node as { message?: unknown };
  const at = isObject(message) ? message['create_time'] : 0;
  return typeof at === 'number' ? at : 0;
}

function branchTo(
  context: DecoderContext,
  leaf: string | null,
  nodes: ReadonlyMap<string, JsonObject>,
  mapping: JsonObject,
): ReadonlySet<string> {
  const upward = new Set<string>();
  for (let key = leaf; key !== null && key !== ''; key = textOrNull(nodes.get(key)?.['parent'])) {
    if (upward.has(key)) {
      reportProblem(context, 'cycle');
      break;
    }
    if (!owns(mapping, key) || !nodes.has(key)) {
      reportProblem(context, 'missing_node');
      break;
    }
    upward.add(key);
  }
  return new Set([...upward].reverse());
}
