/** What the popup says in its report, of names that are not known, and of the recorder. */
export const PAGE_TEXTS = {
  unknownTools: (count: number, names: string) =>
    `The site used ${count === 1 ? 'a tool name that is' : 'tool names that are'} not known here: ${names}.`,
  rareTools: (names: string) => `Calls to tools that are seldom seen: ${names}.`,
  unread: (names: string) => `Also seen and not known: ${names}.`,
  sighting: (name: string, count: number) => `${name} (${count === 1 ? 'once' : `${count} times`})`,
  kinds: {
    'python-like': '',
    route: 'address ',
    'item-event': 'event ',
    'content-type': 'content ',
    'side-band': 'notice ',
  },
  others: 'others',
  copyReport: 'Copy a report without contents',
  report: 'Report without contents',
  recorder: {
    title: 'Recording for whoever mends it',
    save: 'Save a redacted recording',
    hint: 'What the site sent last. Texts, names, ids, addresses and times are replaced; structure and timing are kept.',
    look: 'Look at what it holds',
    text: 'Redacted recording',
    nothing: 'Nothing is recorded yet. Send a message in this tab first.',
    unanswered: 'This tab did not answer. Load it again.',
    holds: (messages: number, frames: number, duration: string) =>
      `${messages === 1 ? '1 message' : `${messages} messages`} in ${frames === 1 ? '1 frame' : `${frames} frames`} over ${duration}`,
    saved: (holds: string) => `${holds}: in your downloads.`,
  },
} as const;
