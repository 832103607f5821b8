import type { CaptureEvent } from '../../contracts/capture.ts';
import {
  exportArchive,
  historyDocument,
  WIRE_LIMITS,
  type ArchiveMember,
  type DecoderContext,
  type WireEvent,
  type WireLimits,
  type WireNotice,
} from '../../wire/index.ts';
import { createDispatch } from './processors/index.ts';
import { Session } from './session/session.ts';

export interface ImportOptions {
  readonly limits?: Partial<WireLimits>;
  readonly onEvent: (event: CaptureEvent) => void;
  readonly onWireEvent?: (event: WireEvent) => void;
}

export interface HistoryImport {
  /** The JSON of a stored conversation. `conversationId` stands in where the document names none. */
  readDocument(value: unknown, conversationId: string | null): void;
  /** The unpacked members of a data export. */
  readArchive(members: Iterable<ArchiveMember>): void;
  /** What was refused, by reason. */
  problems(): Readonly<Record<string, number>>;
  /** What should be said of what was read, each once. */
  notices(): readonly WireNotice[];
}

/** Reads history that did not pass by on the page: documents and data exports. Nothing in it is ever offered to run. */
export function createHistoryImport({ limits: overrides, onEvent, onWireEvent }: ImportOptions): HistoryImport {
  const limits: WireLimits = { ...WIRE_LIMITS, ...overrides };
  const session = new Session({ limits, onEvent });
  const notices = new Set<WireNotice>();
  const dispatch = createDispatch(session, onWireEvent ? { onWireEvent } : {});
  const context: DecoderContext = {
    stream: null,
    limits,
    now: () => 0, // No fragments in history, so no time-outs.
    emit: (event) => {
      if (event.kind === 'notice') notices.add(event.notice);
      dispatch(event);
    },
  };
  const documents = historyDocument.createDecoder(context);
  const archives = exportArchive.createDecoder(context);
  return {
    readDocument: (value, conversationId) => {
      documents.decode({ kind: 'document', value, conversationId });
      session.flush();
    },
    readArchive: (members) => {
      archives.decode({ kind: 'archive', members });
      session.flush();
    },
    problems: () => ({ ...session.problems }),
    notices: () => [...notices],
  };
}
