import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment, startEarly } from './services.ts';

/** Everything else: changes of the query interface, mixins' collections, /, paths that clients chose. */
export const handler = occiHandler(serviceFromEnvironment);

await startEarly(false);
