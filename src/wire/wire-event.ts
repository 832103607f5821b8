import type { TurnState } from '../contracts/capture.ts';
import type { JsonObject } from './json.ts';

/** Why a piece of input was refused. The names are those of the golden pairs. */
export type WireProblem =
  | 'after_end'
  | 'bad_document'
  | 'bad_fragment'
  | 'bad_frame'
  | 'bad_index'
  | 'bad_json'
  | 'bad_path'
  | 'bad_value'
  | 'cycle'
  | 'forbidden_path'
  | 'fragment_timeout'
  | 'message_too_large'
  | 'missing_node'
  | 'missing_path'
  | 'no_conversations_file'
  | 'no_current_node'
  | 'no_document'
  | 'oversized_event'
  | 'stale_offset'
  | 'stream_gap'
  | 'truncated_event'
  | 'type_mismatch'
  | 'unknown_encoding'
  | 'unknown_event'
  | 'unknown_op'
  | 'unknown_tool'
  | 'archive_too_large';

/** `export_without_calls`: the data export is of the kind that leaves out calls and their results (rule J5). */
export type WireNotice = 'export_without_calls';

/** How a stream was first met: by something that happens now, or by a replay of what was. */
export type FirstMet = 'live' | 'catch-up';

/** What decoders yield. `stream` names the event stream that it came from; null means none (history, updates). */
export type WireEvent =
  | { readonly kind: 'turn-opened'; readonly stream: string; readonly source: string; readonly met: FirstMet }
  | { readonly kind: 'conversation'; readonly stream: string; readonly conversationId: string }
  | {
      /** The message is a live object: later frames of its document change it in place. Read it now or copy. */
      readonly kind: 'message-changed';
      readonly stream: string | null;
      readonly message: JsonObject;
      readonly conversationId: string | null;
      /** False for history and updates: such messages never start a call (C6). */
      readonly isLive: boolean;
      /** False when frames of it may be missing (C5). */
      readonly isWhole: boolean;
      /** The message before it on its branch, where only the tree tells. */
      readonly parentId: string | null;
      /** Since its document was told of last, nothing of it has changed but that its text is longer. */
      readonly hasOnlyGrown: boolean;
    }
  /** The message object is about to change in a way that may alter its identity; keep what it says now. */
  | { readonly kind: 'message-settles'; readonly message: JsonObject }
  | {
      readonly kind: 'call';
      readonly id: string;
      /** The number of the socket that it came on. */
      readonly socket: number;
      readonly direction: 'in' | 'out';
      readonly version: string;
      readonly conversationId: string | null;
      readonly tool: 'python' | 'shell' | 'ide';
      readonly body: string;
      readonly workingDirectory: string | null;
      readonly environment: JsonObject | null;
    }
  | {
      readonly kind: 'output';
      readonly id: string;
      readonly conversationId: string | null;
      readonly hasFailed: boolean;
      readonly text: string;
      readonly content: JsonObject;
    }
  | { readonly kind: 'title'; readonly conversationId: string; readonly title: string }
  | { readonly kind: 'turn-ended'; readonly stream: string; readonly state: Exclude<TurnState, 'open'> }
  | { readonly kind: 'handoff'; readonly stream: string; readonly topics: readonly string[] }
  | { readonly kind: 'sideband'; readonly stream: string | null; readonly type: string }
  | { readonly kind: 'older-page'; readonly conversationId: string | null; readonly before: string | null }
  /** A message of a branch that is not the current one: its text may be asked for, nothing else comes of it. */
  | { readonly kind: 'branch-message'; readonly message: JsonObject; readonly conversationId: string | null }
  | { readonly kind: 'other-branches'; readonly conversationId: string | null; readonly messageCount: number }
  | { readonly kind: 'problem'; readonly problem: WireProblem; readonly stream: string | null }
  /** Something to tell who asked for the reading; nothing was refused. */
  | { readonly kind: 'notice'; readonly notice: WireNotice }
  /** A shape that no adapter knows; only its outline may leave this world. */
  | { readonly kind: 'unknown'; readonly stream: string | null; readonly value: unknown };
