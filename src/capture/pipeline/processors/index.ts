// What is done with each kind of content once it is decoded.
import type { WireEvent } from '../../../wire/index.ts';
import type { Session } from '../session/session.ts';
import { createConversationProcessor } from './conversation.ts';
import { createDiagnosticsProcessor } from './diagnostics.ts';
import { createArtifactProcessor, createConsoleProcessor } from './passed-through.ts';
import type { Processor, Work } from './processor.ts';
import { createPythonProcessor } from './python.ts';

export type { Processor, Work } from './processor.ts';

export interface DispatchOptions {
  readonly onWireEvent?: (event: WireEvent) => void;
  readonly onArtifact?: () => void;
}

/** Hands each wire event to the processors that accept it; the conversation stores a message before others look at it. */
export function createDispatch(
  session: Session,
  { onWireEvent, onArtifact }: DispatchOptions,
): (event: WireEvent) => void {
  const processors: readonly Processor[] = [
    createConversationProcessor(session),
    createPythonProcessor(session),
    createConsoleProcessor(session, 'shell'),
    createConsoleProcessor(session, 'ide'),
    createArtifactProcessor(() => onArtifact?.()),
    createDiagnosticsProcessor(session),
  ];
  const byKind = new Map<WireEvent['kind'], Processor[]>();
  for (const processor of processors) {
    for (const kind of processor.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), processor]);
  }
  return (event) => {
    onWireEvent?.(event);
    const work: Work = { event, entry: null, hasOnlyGrown: false };
    for (const processor of byKind.get(event.kind) ?? []) processor.process(work);
  };
}
