import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment, startEarly } from './services.ts';

/** GET, HEAD and OPTIONS of the query interface; reads only. */
export const handler = occiHandler(serviceFromEnvironment);

await startEarly(false);
