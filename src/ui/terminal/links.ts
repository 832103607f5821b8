/** Opens an address that a program printed in a tab of its own, which knows nothing of this page. Only of the web. */
export function openLink(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') window.open(url.href, '_blank', 'noopener,noreferrer');
}
