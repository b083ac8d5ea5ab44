import { occiHandler } from '../lib/handler.ts';
import { serviceFromEnvironment } from './services.ts';

/** /network, /securitygroup, /ipreservation and everything below them. */
export const handler = occiHandler(serviceFromEnvironment);
