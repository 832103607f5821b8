import { saveGuest } from '../../../tools/engines/save-guest.ts';

let made: Promise<Uint8Array<ArrayBuffer>> | null = null;

/** What `saveGuest` makes, made once. */
export function savedGuest(): Promise<Uint8Array<ArrayBuffer>> {
  return (made ??= saveGuest());
}
