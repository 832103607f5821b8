import { LIMITS } from '../../contracts/limits.ts';

/** Said to a program whose request ends because the person changed what its conversation may reach. */
export const CONSENT_CHANGED =
  'What this conversation may reach was changed in the popup of ChatGPT Companion, so its requests under way were ended.';

/** What to do where a conversation's bound of so many MB is met. */
export const whereMoreIs = (mostMB: number): string =>
  mostMB < LIMITS.networkMB.largest
    ? 'The settings in the popup can allow more.'
    : 'That is the most there is. Hosts that are allowed anew begin at 0.';
