import { z } from 'zod';
import type { FileOperation } from '../contracts/files.ts';
import { LIMITS } from '../contracts/limits.ts';
import { BOX_READY, type BoxReady, type FromBox } from './messages.ts';

/** What a box says is a stranger's word: everything is parsed here before the host looks at it. */

const readySchema = z.strictObject({ op: z.literal(BOX_READY), hasSharedMemory: z.boolean() });

const fromBoxSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('proof'), failures: z.array(z.string().max(100)).max(20) }),
  z.strictObject({
    op: z.literal('batch'),
    messages: z.custom<readonly unknown[]>(Array.isArray),
    units: z.number().int().min(0),
  }),
  z.strictObject({ op: z.literal('beat') }),
  z.strictObject({ op: z.literal('file'), id: z.number().int().min(1), operation: z.unknown() }),
  z.strictObject({ op: z.literal('crashed'), reason: z.string().max(2000) }),
]);

const isInside = (path: string): boolean =>
  path === '' || path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));

const path = z.string().max(LIMITS.filePathUtf16.standard).refine(isInside);
const offset = z.number().int().min(0).max(LIMITS.fileBytes.standard);

const operationSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('stat'), path }),
  z.object({ op: z.literal('list'), path }),
  z.object({ op: z.literal('read'), path, position: z.number().int().min(0), length: offset }),
  z.object({
    op: z.literal('write'),
    path,
    position: offset,
    bytes: z.instanceof(Uint8Array).nullable(),
    truncateTo: offset.nullable(),
  }),
  z.object({ op: z.literal('rename'), path, to: path }),
  z.object({ op: z.literal('mkdir'), path }),
  z.object({ op: z.literal('remove'), path }),
]);

export function parseReady(message: unknown): BoxReady | null {
  return readySchema.safeParse(message).data ?? null;
}

export function parseFromBox(message: unknown): FromBox | null {
  return fromBoxSchema.safeParse(message).data ?? null;
}

/** Null for anything but a well-formed operation on a path inside the tree. */
export function parseFileOperation(operation: unknown): FileOperation | null {
  return operationSchema.safeParse(operation).data ?? null;
}
