import { browser } from 'wxt/browser';

/**
 * Asks the person for the right to read answers of these origins although they do not name us in their CORS headers. Must
 * be called in a press, before anything is awaited. False where it was refused: hosts that let everybody read still work.
 */
export async function requestHostAccess(origins: readonly string[]): Promise<boolean> {
  // Match patterns of hosts know no port.
  const patterns = origins.map((origin) => `${origin.replace(/:(?:\d+|\*)$/u, '')}/*`);
  try {
    return await browser.permissions.request({ origins: patterns });
  } catch (cause) {
    // A browser that cannot ask for this host (an address of IPv6, say) refuses it.
    console.warn('host access', cause);
    return false;
  }
}
