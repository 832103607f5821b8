/**
 * Resolves in a task of its own, which no timer throttles: neither in a hidden page nor, in Firefox, while a page loads.
 * Never where the signal aborts before.
 */
export function nextTask({ signal }: { readonly signal: AbortSignal }): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const take = (): void => {
      port1.close();
      resolve();
    };
    port1.addEventListener('message', take, { once: true, signal });
    port1.start();
    port2.postMessage(null);
  });
}
