import { createBoxOpener } from '../../../src/box/index.ts';
import { pythonSessions } from './browser-sessions.ts';

const createBoxes = () => createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => false });
Object.assign(globalThis, { python: pythonSessions(createBoxes) });
