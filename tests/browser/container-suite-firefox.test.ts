import { describeContainerIn } from '../support/container/describe-in-browser.ts';

describeContainerIn('firefox', 'small', ({ isCore }) => isCore);
