/** The origin that the browser stamped on a sender; null where it stamped none. */
export function originOf(sender: { readonly origin?: string; readonly url?: string } | undefined): string | null {
  const stamped = sender?.origin ?? sender?.url;
  if (stamped === undefined || !URL.canParse(stamped)) return null;
  const url = new URL(stamped);
  // Schemes that the URL standard does not know (moz-extension:) have the opaque origin 'null'.
  return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
}
