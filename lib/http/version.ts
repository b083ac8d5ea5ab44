/** OCCI version negotiation by User-Agent (GFD.223 §5.3, HTTP-9). */

import { OcciError } from '../errors.ts';
import { firstHeader, type HttpRequest } from './message.ts';

/** Product tokens of every answer (HTTP-8, D-20, CRTP-4): 1.2, served to 1.1 clients too, with all six CRTP templates. */
export const SERVER = 'serverless-occi/0.1.0 OCCI/1.2 OCCI/1.1 OCCI-CRTP-EP/1.1';

/** Version 1.2 as a number. */
const OURS = 1_000_002;

const TOKEN = /(?:^|\s)OCCI\/(\d+)\.(\d+)(?=$|\s)/g;

/** The OCCI versions in a User-Agent, as numbers that compare as versions do. */
function announcedBy(agent: string | undefined): readonly number[] {
  if (!agent?.includes('OCCI/')) return [];
  return [...agent.matchAll(TOKEN)].map(([, major, minor]) => Number(major) * 1_000_000 + Number(minor));
}

/** True for a client that announces OCCI/1.1 and nothing newer. */
export function isOldClient(agent: string | undefined): boolean {
  const announced = announcedBy(agent);
  return announced.length > 0 && announced.every((version) => version < OURS);
}

/** Throws `notImplemented` when every OCCI version that the client announces is newer than 1.2. */
export function checkVersion(request: Pick<HttpRequest, 'headers'>): void {
  const announced = announcedBy(firstHeader(request, 'user-agent'));
  if (announced.length > 0 && announced.every((version) => version > OURS)) {
    throw new OcciError(
      'notImplemented',
      'This endpoint speaks OCCI/1.2 and OCCI/1.1; the User-Agent announces a newer version.',
    );
  }
}
