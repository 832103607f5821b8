import { onTestFinished } from 'vitest';
import { askShare } from '../../../src/container/share/ask.ts';
import { serveShare, type Share } from '../../../src/container/share/index.ts';

export interface AskedGuest extends Pick<Share, 'handle'> {
  /** Settles once the share has all that the guest was told it wrote: no word of a machine is heard before. */
  readonly settled: () => Promise<void>;
}

/** A share as a machine's worker has it; the port is closed with the test. */
export function overPort(share: Share): AskedGuest {
  const { port1, port2 } = new MessageChannel();
  const served = serveShare(port1, share, () => {
    throw new Error('the port was closed on a guest that means well');
  });
  onTestFinished(() => served.close());
  const { serve, settled } = askShare(port2);
  return {
    handle: (message) => new Promise((settle) => serve(message, (answer) => settle(answer.slice()))),
    settled: async () => void (await settled()),
  };
}
