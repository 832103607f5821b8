import { onTestFinished } from 'vitest';
import { askShare } from '../../../src/container/share/ask.ts';
import { serveShare, type Share } from '../../../src/container/share/index.ts';

/** A share as a machine's worker has it; the port is closed with the test. */
export function overPort(share: Share): Pick<Share, 'handle'> {
  const { port1, port2 } = new MessageChannel();
  const served = serveShare(port1, share, () => {
    throw new Error('the port was closed on a guest that means well');
  });
  onTestFinished(() => served.close());
  const ask = askShare(port2).serve;
  return { handle: (message) => new Promise((settle) => ask(message, (answer) => settle(answer.slice()))) };
}
