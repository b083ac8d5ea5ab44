import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment, startEarly } from './services.ts';

/** /v2.0, /v3 and everything below them: the login of OpenStack's clients. */
export const handler = occiHandler(serviceFromEnvironment);

await startEarly(false);
