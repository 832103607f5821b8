// Values as text, as Node prints them; runs inside the guest, so that getters and proxies of a program stay in its limits.
export { CUSTOM } from './context.ts';
export { format } from './format.ts';
export { inspect } from './inspect.ts';
export { stripAnsi } from './strings.ts';
