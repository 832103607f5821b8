import { decodeSegment } from '../../../base/index.ts';
import type { Route } from '../frame.ts';
import { pathOf } from './address.ts';
import { PASS, type Interceptor } from './interceptor.ts';

const TURN =
  /^\/backend-(?:api|anon|alt)(?:\/f)?\/(?:feed\/(?:card\/[^/]+|feedback)\/conversation|conversation(\/resume)?)$/;
const CONVERSATION = /^\/backend-(?:api|anon|alt)\/conversations?\/([^/]+)(?:\/messages)?$/;
const LIST = /^\/backend-(?:api|alt)\/(?:conversations|gizmos\/[^/]+\/conversations)$/;

interface Detected {
  readonly route: Route | null;
  readonly conversationId: string | null;
}

/** Says which route a body belongs to, by method and path (rules X1 to X3). */
export function createTypeDetection(): Interceptor {
  return {
    id: 'type-detection',
    intercept: (frame) => {
      if (frame.envelope.kind === 'open') {
        const { route, conversationId } = detectRoute(frame.envelope.method, pathOf(frame.envelope.url));
        frame.route = route;
        frame.conversationInAddress = conversationId;
      }
      return PASS;
    },
  };
}

function detectRoute(method: string, path: string): Detected {
  if (method.toUpperCase() === 'POST') {
    const turn = TURN.exec(path);
    return { route: turn ? (turn[1] === undefined ? 'turn' : 'resume') : null, conversationId: null };
  }
  if (method.toUpperCase() !== 'GET') return { route: null, conversationId: null };
  if (LIST.test(path)) return { route: 'conversation-list', conversationId: null };
  const named = CONVERSATION.exec(path)?.[1];
  if (named === undefined) return { route: null, conversationId: null };
  return { route: 'conversation', conversationId: decodeSegment(named) };
}
