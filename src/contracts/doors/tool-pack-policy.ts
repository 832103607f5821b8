import * as v from 'valibot';
import { countSchema as count, numberWithin, textWithin } from '../bounded.ts';
import { LIMITS } from '../limits.ts';
import type { DoorAnswers, DoorPolicy, DoorRequests } from './door.ts';
import { bytesSchema } from './runs-schema.ts';
import type { ToolPackDoor } from './tool-pack.ts';

const OWN_PAGES = { callers: ['extension'], deadlineMs: 30_000, whenAway: 'start' } as const;

export const TOOL_PACK_POLICY: DoorPolicy<ToolPackDoor> = {
  toolPack: OWN_PAGES,
  // The last piece waits for the whole file to be on the disk.
  addToolPack: { ...OWN_PAGES, deadlineMs: 120_000 },
  dropToolPack: OWN_PAGES,
  removeToolPack: OWN_PAGES,
};

/** What each method takes; checked where the door is served. */
export const TOOL_PACK_REQUESTS: DoorRequests<ToolPackDoor> = {
  toolPack: v.strictObject({}),
  addToolPack: v.strictObject({
    name: textWithin(0, LIMITS.filePathUtf16.standard),
    // Also of a file that is none: what it is compared with is said.
    sizeBytes: count,
    position: numberWithin(0, LIMITS.fileBytes.standard),
    bytes: bytesSchema,
  }),
  dropToolPack: v.strictObject({}),
  removeToolPack: v.strictObject({}),
};

/** What the host answers. Made on use, as those of the engine door. */
export function toolPackAnswers(): DoorAnswers<ToolPackDoor> {
  const text = v.string();
  const offered = v.strictObject({ name: text, about: text, bytes: count, sha256: text, pieceBytes: count });
  const status = v.strictObject({ offered: v.nullable(offered), isAdded: v.boolean(), lingers: v.boolean() });
  return { toolPack: status, addToolPack: status, dropToolPack: status, removeToolPack: status };
}
