import { Refused, type ServiceAnswer, type TokenOwner } from '../service.ts';

const KINDS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  403: 'forbidden',
  404: 'itemNotFound',
  406: 'computeFault',
  409: 'conflictingRequest',
  500: 'computeFault',
};

/** An error in Nova's shape. */
export const refused = (code: number, message: string): Refused =>
  new Refused({ status: code, body: { [KINDS[code]!]: { code, message } } });

export const bad = (message: string): Refused => refused(400, message);
export const instanceNotFound = (id: string): Refused => refused(404, `Instance ${id} could not be found.`);
export const methodNotFound = (): Refused => refused(404, 'The resource could not be found.');

/** What an exception becomes that Nova did not expect. */
export const fault = (exception: string): Refused =>
  refused(500, `Unexpected API Error. Please contact the administrator\n<class '${exception}'>`);

/** Throws 403 unless the caller has the role `member`. */
export function mustWrite({ roles }: TokenOwner, policy: string): void {
  if (!roles.includes('member')) throw forbidden(policy);
}

export const forbidden = (policy: string): Refused => refused(403, `Policy doesn't allow ${policy} to be performed.`);

/** The answers of WebOb: no kind around them, and a code that is a text. */
const webOb = (status: number, title: string, message: string): ServiceAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=UTF-8' },
  body: { message: `${message}<br /><br />\n\n\n`, code: `${status} ${title}`, title },
});

export const unknownPath = webOb(404, 'Not Found', 'The resource could not be found.');
export const tooLarge = webOb(
  413,
  'Request Entity Too Large',
  'Request is too large. Larger than max_request_body_size (%s).',
);
