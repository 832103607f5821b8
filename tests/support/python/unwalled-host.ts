import { createPlainBoxes } from '../box/plain-boxes.ts';
import { pythonSessions } from './browser-sessions.ts';

Object.assign(globalThis, { python: pythonSessions(createPlainBoxes) });
