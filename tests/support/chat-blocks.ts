import type { SessionId } from '../../src/contracts/ids.ts';
import { createChatBlocks } from '../../src/ui/in-chat/code-blocks/index.ts';
import { createPlacement } from '../../src/ui/in-chat/placement.ts';
import { createThemeWatch } from '../../src/ui/in-chat/theme-watch.ts';
import { createFakeCardServices } from './fake-card-services.ts';
import { createFakeRunsDoor } from './fake-runs-door.ts';
import { createFakeSettings } from './fake-settings-door.ts';

/** The Run buttons of the document as it stands, with a host that is played; nothing of them outlives the signal. */
export function openChatBlocks(signal: AbortSignal) {
  const runs = createFakeRunsDoor();
  const placement = createPlacement(document, { signal });
  const blocks = createChatBlocks({
    runs,
    settings: createFakeSettings({}),
    services: createFakeCardServices(runs),
    theme: createThemeWatch(document, { signal }),
    placement,
    conversationOnScreen: () => 'c',
    sessionOnScreen: () => 'c' as SessionId,
    isOn: () => true,
    signal,
  });
  return { runs, placement, blocks };
}
