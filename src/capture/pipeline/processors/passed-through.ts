import type { Session } from '../session/session.ts';
import type { Processor } from './processor.ts';
import { offerSeedCall } from './seed-call.ts';

/** Shell and ide frames: recognised and handed on; what they may do is decided where they would run. */
export function createConsoleProcessor(session: Session, tool: 'shell' | 'ide'): Processor {
  return {
    id: tool,
    accepts: ({ event }) => event.kind === 'call' && event.tool === tool,
    process: ({ event }) => {
      if (event.kind === 'call') offerSeedCall(session, event, tool);
    },
  };
}

/** Canvas documents: recognised and counted; their message is handed on like any other. */
export function createArtifactProcessor(onArtifact: () => void): Processor {
  return {
    id: 'artifact',
    accepts: ({ event, entry }) => {
      if (event.kind !== 'message-changed' || entry === null || !entry.isFinished) return false;
      const recipient = event.message['recipient'];
      return typeof recipient === 'string' && recipient.startsWith('canmore.');
    },
    process: onArtifact,
  };
}
