import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment, startEarly } from './services.ts';

/** /storage and everything below it. */
export const handler = occiHandler(serviceFromEnvironment);

await startEarly(true);
