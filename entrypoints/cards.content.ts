import { defineContentScript } from 'wxt/utils/define-content-script';
import { beforePage } from '../src/ui/before-page/index.ts';
import { askForTerminals, raiseHitStyle } from '../src/platform/index.ts';
import { openCoverCheck, startInChat } from '../src/ui/in-chat/index.ts';

// Isolated world, top frame only, when the document is parsed: all that a person sees (decision 0106).
export default defineContentScript({
  matches: ['https://chatgpt.com/*', 'https://chat.openai.com/*'],
  runAt: 'document_end',
  main({ signal }) {
    const covers = import.meta.env.FIREFOX ? openCoverCheck(raiseHitStyle) : undefined;
    return startInChat(document, beforePage(), { signal, covers, openTerminals: askForTerminals });
  },
});
