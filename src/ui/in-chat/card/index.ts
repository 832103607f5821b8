export { mountCard } from './mount-card.tsx';
export type { CardServices } from './services.ts';
