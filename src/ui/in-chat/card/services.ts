import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Result } from '../../../base/index.ts';
import type { RunsDoor } from '../../../contracts/doors/runs.ts';
import type { AppError } from '../../../contracts/errors.ts';
import type { SessionId } from '../../../contracts/ids.ts';

/** What a card can do beyond its own run; made once for the page. */
export interface CardServices {
  readonly runs: RunsDoor;
  /** Puts text in the page's composer. */
  compose(text: string): Promise<Result<null, AppError>>;
  /** Shows the terminals of the session in a tab beside this one; false where that could not be. */
  openTerminals(sessionId: SessionId): Promise<boolean>;
  /** Gives files to the page's composer; false where it does not take them. */
  attach(files: readonly File[]): Promise<boolean>;
  /** Puts files into `/mnt/data` without the page seeing them; what to tell the person. */
  addFiles(sessionId: SessionId, files: readonly File[]): Promise<string>;
  /** Whether private files ever went into this session, from anywhere: its results leave only one by one, each by a press. */
  hasPrivateFiles(sessionId: SessionId): Promise<boolean>;
}

export const Services = createContext<CardServices | null>(null);

export function useServices(): CardServices {
  const services = useContext(Services);
  if (services === null) throw new Error('a card part was rendered outside a card');
  return services;
}
