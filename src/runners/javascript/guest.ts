// The guest of the JavaScript runner: one script, first of all code inside of QuickJS.
export { startGuest } from './guest/main.ts';
