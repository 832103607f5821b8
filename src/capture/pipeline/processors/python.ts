import type { CallLanguage, CapturedMessage } from '../../../contracts/capture.ts';
import {
  callCode,
  isKnownContent,
  isObject,
  isPythonCall,
  isPythonTool,
  type JsonObject,
  pythonSign,
  readSiteResult,
  type WireEvent,
} from '../../../wire/index.ts';
import type { MessageEntry } from '../session/message-store.ts';
import type { Session } from '../session/session.ts';
import type { Processor } from './processor.ts';
import { offerSeedCall } from './seed-call.ts';

type MessageChanged = Extract<WireEvent, { kind: 'message-changed' }>;

/** As captures have it; other names of the tool rest on less. */
const isPlainPython = (name: unknown): boolean => name === 'python' || name === 'python_user_visible';

const LANGUAGE: CallLanguage = 'python';

/** Python calls and the results that the site itself computed (docs/wire.md, section 6). */
export function createPythonProcessor(session: Session): Processor {
  const describe = (entry: MessageEntry, view: CapturedMessage) => ({
    key: entry.key,
    conversationId: entry.conversationId,
    messageId: entry.messageId,
    tool: view.recipient ?? '',
  });

  const offer = (entry: MessageEntry, view: CapturedMessage, event: MessageChanged): void => {
    if (session.calls.wasOffered(entry.key)) return;
    const code = callCode(entry.raw);
    if (code === null) return;
    if (!event.isWhole) {
      if (!session.calls.doubt(entry.key)) return;
      session.countProblem('run_refused_incomplete');
      session.emit({ kind: 'call-refused', ...describe(entry, view), reason: 'incomplete' });
      return;
    }
    session.calls.offer(entry.key);
    if (code.length > session.limits.codeUtf16) {
      session.countProblem('code_too_large');
      session.emit({ kind: 'call-refused', ...describe(entry, view), reason: 'too-large' });
      return;
    }
    const auto = session.turns.isAuto(event.stream);
    session.emit({
      kind: 'call',
      ...describe(entry, view),
      adapter: 'chatgpt',
      language: LANGUAGE,
      code,
      auto,
      thinking: view.isThinking,
    });
  };

  const takeCall = (entry: MessageEntry, event: MessageChanged): void => {
    const view = session.messages.view(entry);
    if (!isPythonCall(view)) return;
    session.results.noteCall(entry);
    if (!event.isLive || view.isHidden) return;
    if (view.status === 'finished_successfully') offer(entry, view, event);
    else if (view.status === 'in_progress' && session.calls.form(entry.key)) {
      session.emit({ kind: 'call-forming', ...describe(entry, view) });
    }
  };

  /** Once a message: what tool it is for or from, and whether its content is of a type that is known. */
  const notice = (entry: MessageEntry, isLive: boolean): void => {
    entry.isNoticed = true;
    const { author, recipient, content } = entry.raw as { author?: unknown; recipient?: unknown; content?: unknown };
    const role = isObject(author) ? author['role'] : null;
    const tool = role === 'tool' ? (author as JsonObject)['name'] : role === 'assistant' ? recipient : null;
    const sign = isLive && !isPlainPython(tool) ? pythonSign(tool) : null;
    if (sign) session.drift.pythonLikeSeen(String(tool), sign.isStrong && !isPythonTool(tool));
    const type = isObject(content) ? content['content_type'] : null;
    if (typeof type === 'string' && !isKnownContent(type)) session.drift.sighted('content-type', type);
  };

  const takeMessage = (entry: MessageEntry, event: MessageChanged): void => {
    if (!entry.isNoticed) notice(entry, event.isLive);
    if (isPythonTool(entry.raw['recipient'])) takeCall(entry, event);
    const { author } = entry.raw as { author?: { role?: unknown } };
    if (author?.role !== 'tool') return;
    const result = readSiteResult(entry.raw, session.messages.view(entry));
    const output = result && session.results.pair(entry, result);
    if (output) session.emit({ kind: 'output', output });
  };

  return {
    id: 'python',
    kinds: ['message-changed', 'call', 'output'],
    process: ({ event, entry, hasOnlyGrown }) => {
      if (event.kind === 'message-changed') {
        if (entry && !hasOnlyGrown) takeMessage(entry, event);
      } else if (event.kind === 'call') {
        if (event.tool === 'python') offerSeedCall(session, event, LANGUAGE);
      } else if (event.kind === 'output') {
        session.emit({
          kind: 'output',
          output: {
            key: `seed:${event.id}`,
            conversationId: event.conversationId,
            messageId: null,
            callMessageId: event.id,
            status: event.hasFailed ? 'failed' : 'success',
            text: event.text,
            exception: null,
            imageCount: 0,
          },
        });
      }
    },
  };
}
