import type { SessionFiles } from '../../contracts/files.ts';
import type { Fids } from './fids.ts';
import type { KeptAttributes } from './kept-attributes.ts';
import type { Mirror } from './mirror.ts';
import type { Errno } from './refusal.ts';
import type { Writer } from './reply.ts';
import type { Request } from './request.ts';

/** What answering a request takes. */
export interface Served {
  readonly mirror: Mirror;
  readonly fids: Fids;
  /** The largest message, as agreed on with the guest. */
  messageBytes: number;
  /** Folders that the guest may not change. */
  readonly readOnly: readonly string[];
  /** Something that was answered did not reach the tree; told to the next who makes sure of it. */
  lost: Errno | null;
  /** Modes, owners and links, which are told of each change of them. */
  readonly attributes: KeptAttributes;
  /** Puts on the disk what is in the tree; absent where there is none. */
  readonly flush: SessionFiles['flush'];
}

type Answer<Kind extends Request['kind']> = (
  request: Extract<Request, { kind: Kind }>,
  served: Served,
) => Promise<Writer> | Writer;

/** One function for each of these kinds of requests. Each throws a `Refusal` before it changes anything. */
export type Answers<Kind extends Request['kind']> = { readonly [Each in Kind]: Answer<Each> };
