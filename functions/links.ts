import { occiHandler } from '../lib/handler.ts';
import { serviceFromEnvironment } from './services.ts';

/** /networkinterface, /storagelink, /securitygrouplink and everything below them. */
export const handler = occiHandler(serviceFromEnvironment);
