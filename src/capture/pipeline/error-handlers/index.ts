// What is done about a frame that could not be used, so that the next one can.
import type { PipelineFrame } from '../frame.ts';
import type { Bodies } from '../transports/bodies.ts';
import type { Sockets } from '../transports/sockets.ts';

/** Puts into doubt what may have lost something by a frame that was blocked or failed. */
export interface ErrorHandler {
  readonly id: string;
  handles(frame: PipelineFrame): boolean;
  handle(frame: PipelineFrame): void;
}

export function createErrorHandlers(bodies: Bodies, sockets: Sockets): readonly ErrorHandler[] {
  return [
    {
      id: 'body',
      handles: ({ envelope }) => envelope.kind === 'chunk',
      handle: ({ envelope }) => {
        if (envelope.kind === 'chunk') bodies.lose(envelope.stream);
      },
    },
    {
      id: 'socket',
      handles: ({ envelope }) => envelope.kind === 'socket' && envelope.direction === 'in',
      handle: () => {
        sockets.lose();
      },
    },
    {
      id: 'fallback',
      handles: () => true,
      handle: () => {
        bodies.doubtAll();
        sockets.lose();
      },
    },
  ];
}
