export { CARD_TAG, mountCard } from './mount-card.tsx';
export type { CardServices } from './services.ts';
export { CARD_STYLES } from './styles.ts';
