import { Refused } from '../service.ts';

const KINDS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  403: 'forbidden',
  404: 'itemNotFound',
  406: 'computeFault',
  409: 'conflictingRequest',
  500: 'computeFault',
};

export const refused = (status: number, message: string): Refused =>
  new Refused({ status, body: { [KINDS[status]!]: { code: status, message } } });

export const badRequest = (message: string): Refused => refused(400, message);

/** What Cinder says of requests that it finds no better words for. */
export const malformed = (): Refused =>
  badRequest('The server could not comply with the request since it is either malformed or otherwise incorrect.');

export const invalidInput = (what: string): Refused => badRequest(`Invalid input received: ${what}`);

export const invalidVolume = (what: string): Refused => badRequest(`Invalid volume: ${what}`);

/** @param rule `volume:create` */
export const denied = (rule: string): Refused => refused(403, `Policy doesn't allow ${rule} to be performed.`);

export const noVolume = (id: string): Refused => refused(404, `Volume ${id} could not be found.`);

export const noSnapshot = (id: string): Refused => refused(404, `Snapshot ${id} could not be found.`);

/** A quota is 413 with a pause of no seconds, unlike those of other services. */
export const overLimit = (message: string): Refused =>
  new Refused({
    status: 413,
    headers: { 'retry-after': '0' },
    body: { overLimit: { code: 413, message, retryAfter: '0' } },
  });

/** A path that leads nowhere, or a method that it has not. */
export const noPath = (): Refused =>
  new Refused({
    status: 404,
    body: { message: 'The resource could not be found.<br /><br />\n\n\n', code: '404 Not Found', title: 'Not Found' },
  });
