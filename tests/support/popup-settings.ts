import type { Page } from 'puppeteer-core';
import { pressByKey } from './browsers/index.ts';

/** Where rules are written. */
export const RULES_FIELD = '[data-part="rules-field"]';

/** A rule of a person's own, as the popup takes it: it warns at every program that prints. */
export const PRINT_RULE = {
  id: 'no-print',
  languages: ['python'],
  match: { kind: 'call', names: ['print'] },
  severity: 'critical',
  title: 'Prints something',
  why: 'I want to be asked first.',
  suggestion: 'Return the value.',
};

/** Opens "More settings" of a popup; its rules can be written then. */
export async function openMoreSettings(popup: Page): Promise<Page> {
  popup.setDefaultTimeout(60_000);
  await popup.waitForSelector('[data-part="more-settings"]');
  await pressByKey(popup, '[data-part="more-settings"] > summary');
  await popup.waitForSelector(`${RULES_FIELD}:not([disabled])`);
  return popup;
}

/** Saves rules in place of those that are there, and answers with what the popup says. `write` puts a text where the cursor is. */
export async function saveRules(
  popup: Page,
  { text, says, write }: { text: string; says: 'rules-note' | 'rules-wrong'; write: (text: string) => Promise<void> },
): Promise<string> {
  await popup.bringToFront();
  await popup.focus(RULES_FIELD);
  await popup.$eval(RULES_FIELD, (field) => (field as HTMLTextAreaElement).select());
  await popup.keyboard.press('Delete');
  if (text !== '') await write(text);
  await pressByKey(popup, '[data-action="save-rules"]');
  const said = await popup.waitForFunction(
    (part) => document.querySelector(`[data-part="${part}"]`)?.textContent || null,
    {},
    says,
  );
  return String(await said.jsonValue());
}
