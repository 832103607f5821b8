import { describeContainerIn } from '../support/container/describe-in-browser.ts';

describeContainerIn('chrome', 'full', () => true);
