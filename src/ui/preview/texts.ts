/** Every sentence of the preview; apart from the others, so that the popup does not carry them. */
export const PREVIEW_TEXTS = {
  places: 'Workbench',
  terminal: 'Terminal',
  preview: 'Preview',
  servers: (count: number) => (count === 0 ? 'Preview' : `Preview (${String(count)})`),
  port: 'Port of the server',
  portName: (port: number) => `Port ${String(port)}`,
  address: 'Address of the page',
  back: 'Back',
  forward: 'Forward',
  reload: 'Reload',
  frame: (port: number) => `Page of the server on port ${String(port)}`,
  empty: 'No server runs yet. Start one in the terminal, for example:',
  example: 'python3 -m http.server 8000',
  emptyMore: 'It shows here as soon as it listens. The page is walled off: it loads from this one server alone.',
  loading: (port: number) => `Asking the server on port ${String(port)}`,
  badAddress: 'An address begins with / and leads to this server.',
  leadsAway: (address: string) => `The page leads to ${address}, which is not this server. A preview has no network.`,
  connectionsFull: (most: number) =>
    `The page wanted one more stream or websocket, but Preview keeps ${String(most)} open at once. It has to close one first.`,
  again: 'Reload',
} as const;
