/** Said to a program whose request ends because the person changed what its conversation may reach. */
export const CONSENT_CHANGED =
  'What this conversation may reach was changed in the popup of ChatGPT Companion, so its requests under way were ended.';

/** What to do where a conversation's bound is met. */
export const MORE_IN_SETTINGS = 'The settings in the popup can allow more.';
