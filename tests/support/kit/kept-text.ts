import type { FinishedRun, TestSession } from './open-node.ts';

/** Where the rest of a run's long output lies; null where nothing was cut. */
export const filedPath = ({ events }: FinishedRun): string | null =>
  events.flatMap((event) => (event.kind === 'truncated' ? [event.path] : []))[0] ?? null;

/** What lies in the session's tree at an absolute path of its programs. */
export const keptText = ({ files }: TestSession, path: string | null): string | null =>
  files.text(path?.replace(`${files.mountPath}/`, '') ?? '');
