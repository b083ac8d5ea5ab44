/** OCCI version negotiation by User-Agent (GFD.223 §5.3, HTTP-9). */

import { OcciError } from '../errors.ts';
import { firstHeader, type HttpRequest } from './message.ts';

/** Product tokens of every answer (HTTP-8, D-20, CRTP-4): 1.2, served to 1.1 clients too, with all six CRTP templates. */
export const SERVER = 'serverless-occi/0.1.0 OCCI/1.2 OCCI/1.1 OCCI-CRTP-EP/1.1';

const TOKEN = /(?:^|\s)OCCI\/(\d{1,6})\.(\d{1,6})(?=$|\s)/g;

/** Throws `notImplemented` when every OCCI version that the client announces is newer than 1.2. */
export function checkVersion(request: Pick<HttpRequest, 'headers'>): void {
  const agent = firstHeader(request, 'user-agent');
  if (!agent?.includes('OCCI/')) return;
  const announced = [...agent.matchAll(TOKEN)].map(([, major, minor]) => Number(major) * 1_000_000 + Number(minor));
  if (announced.length > 0 && announced.every((version) => version > 1_000_002)) {
    throw new OcciError(
      'notImplemented',
      'This endpoint speaks OCCI/1.2 and OCCI/1.1; the User-Agent announces a newer version.',
    );
  }
}
