import { fail, ok, type Result } from '../../base/index.ts';
import type { Channel } from '../channel/channel.ts';
import type { GuestMessage } from '../channel/messages.ts';

/** Why a question to the guest has no answer. */
export type AskFailure =
  | { readonly kind: 'errno'; readonly errno: number }
  | { readonly kind: 'silent'; readonly afterMs: number }
  | { readonly kind: 'lost' };

type Answer = Extract<GuestMessage, { kind: 'result' | 'pong' }>;

/** Asks the agent itself and waits for its one answer, at most `withinMs`. */
export function ask(
  channel: Channel,
  type: string,
  payload: Uint8Array,
  withinMs: number,
): Promise<Result<Answer, AskFailure>> {
  return new Promise((resolve) => {
    const finish = (answer: Result<Answer, AskFailure>): void => {
      clearTimeout(timer);
      channel.leave(id);
      resolve(answer);
    };
    const id = channel.join({
      receive: (message) => {
        if (message.kind === 'pong') finish(ok(message));
        else if (message.kind !== 'result') return false;
        else finish(message.errno === 0 ? ok(message) : fail({ kind: 'errno', errno: message.errno }));
        return true;
      },
      lose: () => finish(fail({ kind: 'lost' })),
    });
    const timer = setTimeout(() => finish(fail({ kind: 'silent', afterMs: withinMs })), withinMs);
    channel.send(type, id, payload);
  });
}
