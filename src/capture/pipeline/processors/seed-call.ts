import type { CallLanguage } from '../../../contracts/capture.ts';
import type { WireEvent } from '../../../wire/index.ts';
import type { Session } from '../session/session.ts';

type SeedCall = Extract<WireEvent, { kind: 'call' }>;

/** Offers a seed frame's call, once per frame id (rule F1). */
export function offerSeedCall(session: Session, event: SeedCall, language: CallLanguage): void {
  const key = `seed:${event.id}`;
  if (event.body.length > session.limits.codeUtf16) {
    session.countProblem('code_too_large');
    if (session.calls.doubt(key)) {
      const { conversationId, id: messageId, tool } = event;
      session.emit({ kind: 'call-refused', key, conversationId, messageId, tool, reason: 'too-large' });
    }
    return;
  }
  if (!session.calls.offer(key)) return;
  session.emit({
    kind: 'call',
    key,
    adapter: 'seed-frames',
    version: event.version,
    conversationId: event.conversationId,
    messageId: event.id,
    tool: event.tool,
    language,
    code: event.body,
    ...(language === 'python' ? {} : { workingDirectory: event.workingDirectory }),
    auto: true,
    thinking: false,
    seedFrame: {
      id: event.id,
      socket: event.socket,
      direction: event.direction,
      ...(event.environment === null ? {} : { environment: event.environment }),
    },
  });
}
