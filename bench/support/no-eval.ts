import { config } from 'zod';

// Imported first: a driver's script may compile code from text while it is evaluated, but not later, and zod asks only once.
config({ jitless: true });
