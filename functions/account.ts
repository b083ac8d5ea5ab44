import { occiHandler } from '../lib/request/handler.ts';
import { serviceFromEnvironment, startEarly } from './services.ts';

/** /.well-known/tokens and everything below it, /.well-known/quota. */
export const handler = occiHandler(serviceFromEnvironment);

await startEarly(false);
