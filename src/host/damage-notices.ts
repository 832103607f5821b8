import { FAILURES } from '../contracts/failures.ts';
import type { SessionId } from '../contracts/ids.ts';
import type { Workspace } from '../workspace/index.ts';

const MOST_NAMED = 5;

/** Which files they are, in words. */
function named(paths: readonly string[]): string {
  const known = paths.filter((path) => path !== '');
  const shown = known.slice(0, MOST_NAMED).join(', ');
  if (known.length === 0) return 'Nobody knows which.';
  return known.length > MOST_NAMED ? `${shown} and ${known.length - MOST_NAMED} more.` : `${shown}.`;
}

/** What a person hears in the next card of a conversation of which files were damaged: once for each state of its damage. */
export function createDamageNotices(
  workspace: Pick<Workspace, 'damaged'>,
): (sessionId: SessionId) => Promise<string | null> {
  const told = new Map<SessionId, string>();
  return async (sessionId) => {
    const paths = await workspace.damaged(sessionId);
    const said = paths.join('\n');
    if (paths.length === 0 || told.get(sessionId) === said) return null;
    told.set(sessionId, said);
    const { title, explanation, suggestions } = FAILURES['files/damaged'];
    return [`${title}: ${named(paths)}`, explanation, ...suggestions].join(' ');
  };
}
