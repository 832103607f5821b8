// The first content script's half of what a person sees: it keeps what was seen, and hears before the page does (decision 0106).
// No element of ours is known here: what knows them holds state, and would be in both scripts.
export { type BeforePage, beforePage, startBeforePage } from './before-page.ts';
