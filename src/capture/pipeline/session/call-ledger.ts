import flru, { type flruCache } from 'flru';

export type CallLedger = ReturnType<typeof createCallLedger>;

/** Which calls were offered, refused or announced, so that each is so once (rule C4). */
export function createCallLedger(keysKept: number) {
  const offered = flru<boolean>(keysKept);
  const doubted = flru<boolean>(keysKept);
  const forming = flru<boolean>(keysKept);

  return {
    wasOffered(key: string): boolean {
      return offered.get(key) === true;
    },
    /** True the first time. */
    offer(key: string): boolean {
      return addOnce(offered, key);
    },
    /** True the first time; a later whole copy of the call may still be offered. */
    doubt(key: string): boolean {
      return addOnce(doubted, key);
    },
    /** True the first time. */
    form(key: string): boolean {
      return addOnce(forming, key);
    },
    rename(previousKey: string, key: string): void {
      for (const keys of [offered, doubted, forming]) {
        if (keys.get(previousKey) !== true) continue;
        keys.set(previousKey, false);
        keys.set(key, true);
      }
    },
  };
}

function addOnce(keys: flruCache<boolean>, key: string): boolean {
  if (keys.get(key) === true) return false;
  keys.set(key, true);
  return true;
}
