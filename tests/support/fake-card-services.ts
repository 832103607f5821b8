import { ok } from '../../src/base/index.ts';
import type { CardServices } from '../../src/ui/in-chat/card/services.ts';

/** What a card asks of its page: all of it works, and nothing comes of it. */
export const createFakeCardServices = (runs: CardServices['runs']): CardServices => ({
  runs,
  compose: async () => ok(null),
  openTerminals: async () => true,
  attach: async () => true,
  addFiles: async () => '',
  hasPrivateFiles: async () => false,
});
