import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment, startEarly } from './services.ts';

/** /networkinterface, /storagelink, /securitygrouplink and everything below them. */
export const handler = occiHandler(serviceFromEnvironment);

await startEarly(true);
