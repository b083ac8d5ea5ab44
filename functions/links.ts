import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment } from './services.ts';

/** /networkinterface, /storagelink, /securitygrouplink and everything below them. */
export const handler = occiHandler(serviceFromEnvironment);
