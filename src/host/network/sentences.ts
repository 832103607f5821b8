/** Said to a program whose request ends because the person changed what its conversation may reach. */
export const CONSENT_CHANGED =
  'What this conversation may reach was changed in the popup of ChatGPT Companion, so its requests under way were ended.';
