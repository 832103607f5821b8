import type { CaptureEvent } from '../../contracts/capture.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import { OWN_SESSIONS, PAGE_SESSIONS, type SessionId, sessionIdOf } from '../../contracts/ids.ts';

/** Sessions of calls that came as seed frames: a frame names its conversation itself, so it gets none of the site's. */
const SEED_SESSIONS = 'seed:';
const MOST_SEED_UTF16 = 200;

export interface SessionNames {
  /** Takes what tells that a new chat of this page got its conversation id. */
  take(event: CaptureEvent): void;
  /** The session of the conversation on screen. */
  onScreen(): SessionId;
  /** Stands for a new chat until its conversation has an id. */
  readonly ofPage: SessionId;
  /** Settles when files and variables of the new chat are those of the conversation that it became. Never rejects. */
  settled(conversationId: string | null): Promise<void>;
}

interface SessionNamesOptions {
  readonly runs: Pick<RunsDoor, 'adoptSession'>;
  /** The conversation that the address names now. */
  readonly conversationOnScreen: () => string | null;
  readonly createId?: () => string;
}

/** The session of a conversation of the site; an id made to look like one of our own names becomes none of them. */
export function sessionOfConversation(conversationId: string): SessionId {
  const isOurs = [OWN_SESSIONS, PAGE_SESSIONS, SEED_SESSIONS].some((prefix) => conversationId.startsWith(prefix));
  return sessionIdOf(isOurs ? `site:${conversationId}` : conversationId);
}

/** The session of a seed frame's call: of its socket and the conversation that it names, and of nothing else. */
export function sessionOfSeedFrame(socket: number, conversationId: string | null): SessionId {
  // Ids cut here may share a session, with other seed frames only.
  return sessionIdOf(`${SEED_SESSIONS}${socket}:${conversationId ?? ''}`.slice(0, MOST_SEED_UTF16));
}

/**
 * Which session belongs to which conversation of this page. A chat that the page begins has no id until the site answers;
 * what the person put there meanwhile becomes the conversation's.
 */
export function createSessionNames({
  runs,
  conversationOnScreen,
  createId = () => crypto.randomUUID(),
}: SessionNamesOptions): SessionNames {
  const createName = () => sessionIdOf(`${PAGE_SESSIONS}${createId()}`);
  const unnamedTurns = new Set<string>();
  const adoptions = new Map<string, { readonly from: SessionId; isDone: Promise<boolean> }>();
  let ofPage = createName();
  // A temporary chat keeps the address of a new one; the conversation that it became goes on being the one on screen.
  let becameHere: string | null = null;
  let hasShownId = false;

  const look = (): string | null => {
    const shown = conversationOnScreen();
    if (shown !== null) hasShownId = true;
    else if (hasShownId) {
      hasShownId = false;
      becameHere = null;
    }
    return shown;
  };
  const adopt = async (from: SessionId, conversationId: string): Promise<boolean> => {
    const answer = await runs.adoptSession({ from, to: sessionOfConversation(conversationId) });
    return answer.ok;
  };

  return {
    get ofPage() {
      return ofPage;
    },
    take(event) {
      look();
      // Only a question that was sent without a conversation begins one; streams joined later have no id either at first.
      if (event.kind !== 'turn' || !event.source.startsWith('http:')) return;
      if (event.conversationId === null) {
        if (event.state === 'open') unnamedTurns.add(event.stream);
        else unnamedTurns.delete(event.stream);
        return;
      }
      if (!unnamedTurns.delete(event.stream)) return;
      becameHere = event.conversationId;
      hasShownId = false;
      adoptions.set(event.conversationId, { from: ofPage, isDone: adopt(ofPage, event.conversationId) });
      ofPage = createName();
    },
    onScreen() {
      const id = look() ?? becameHere;
      return id === null ? ofPage : sessionOfConversation(id);
    },
    async settled(conversationId) {
      const adoption = conversationId === null ? undefined : adoptions.get(conversationId);
      if (conversationId === null || adoption === undefined) return;
      if (!(await adoption.isDone)) {
        // The host was away; once more, for the run that waits for it needs the host as well.
        adoption.isDone = adopt(adoption.from, conversationId);
        if (!(await adoption.isDone)) return;
      }
      adoptions.delete(conversationId);
    },
  };
}
