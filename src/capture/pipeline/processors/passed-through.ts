import type { Session } from '../session/session.ts';
import type { Processor } from './processor.ts';
import { offerSeedCall } from './seed-call.ts';

/** Shell and ide frames: both carry a command, and are handed on; what they may do is decided where they would run. */
export function createConsoleProcessor(session: Session, tool: 'shell' | 'ide'): Processor {
  return {
    id: tool,
    kinds: ['call'],
    process: ({ event }) => {
      if (event.kind === 'call' && event.tool === tool) offerSeedCall(session, event, 'shell');
    },
  };
}

/** Canvas documents: recognised and counted; their message is handed on like any other. */
export function createArtifactProcessor(onArtifact: () => void): Processor {
  return {
    id: 'artifact',
    kinds: ['message-changed'],
    process: ({ event, entry }) => {
      if (event.kind !== 'message-changed' || entry?.isFinished !== true) return;
      const { recipient } = event.message as { recipient?: unknown };
      if (typeof recipient === 'string' && recipient.startsWith('canmore.')) onArtifact();
    },
  };
}
