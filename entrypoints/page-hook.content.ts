import { defineContentScript } from 'wxt/utils/define-content-script';
import { openPageChannel, type PageChannel } from '../src/bridge/page/index.ts';
import { installInterception, type Interception, type Sink } from '../src/interception/index.ts';

// The page's own world, before any of its scripts. Only in the top frame: the content script that listens is there,
// and no port could be handed up from a frame without the page being able to forge one (see the threat model).
export default defineContentScript({
  matches: ['https://chatgpt.com/*', 'https://chat.openai.com/*'],
  world: 'MAIN',
  runAt: 'document_start',
  main() {
    let interception: Interception | null = null;
    const channel: PageChannel = openPageChannel({
      onAnswer: (socket, text) => interception?.answerOnSocket(socket, text) === true,
    });
    const sink: Sink = {
      counts: { streams: 0, sockets: 0, frames: 0, errors: 0, oversized: 0 },
      emit: (seen) => channel.emit(seen),
      isOpen: () => channel.isOpen(),
    };
    interception = installInterception(sink);
  },
});
