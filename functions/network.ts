import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment, startEarly } from './services.ts';

/** /network, /securitygroup, /ipreservation and everything below them. */
export const handler = occiHandler(serviceFromEnvironment);

await startEarly(true);
