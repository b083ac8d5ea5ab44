import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment, startEarly } from './services.ts';

/** /compute and everything below it. */
export const handler = occiHandler(serviceFromEnvironment);

await startEarly(true);
