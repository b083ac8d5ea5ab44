import { occiHandler } from '../lib/handler.ts';
import { serviceFromEnvironment } from './services.ts';

/** /compute and everything below it. */
export const handler = occiHandler(serviceFromEnvironment);
