import type { Brand } from '../base/index.ts';

/** One execution. Made by `createRunId` in the host. */
export type RunId = Brand<string, 'RunId'>;

/** The state that a runner keeps between runs of one conversation, and the key of its `/mnt/data`. */
export type SessionId = Brand<string, 'SessionId'>;

/** One terminal. Made by the host, and nobody can guess it. */
export type TerminalId = Brand<string, 'TerminalId'>;

/** (conversation id, message id) of a call; runs at most once by itself. */
export type CallKey = Brand<string, 'CallKey'>;

export function callKeyOf(adapter: string, conversationId: string | null, messageId: string): CallKey {
  return JSON.stringify([adapter, conversationId, messageId]) as CallKey;
}

/** Sessions of the extension's own pages (exec, editor); no tab of the site may name one. */
export const OWN_SESSIONS = 'page:';
/** Sessions of a page whose conversation has no id yet; a random rest, so that nobody else can name one. */
export const PAGE_SESSIONS = 'chat:';

/** `scope` is a conversation id, or any other name of what shares variables and files. */
export function sessionIdOf(scope: string): SessionId {
  return scope as SessionId;
}
