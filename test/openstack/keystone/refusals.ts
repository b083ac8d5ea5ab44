import { Refused, type ServiceAnswer } from '../service.ts';
import type { Site } from '../site.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
};

const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';

/** An error in Keystone's shape. */
export const refused = (code: number, message: string, headers: Readonly<Record<string, string>> = {}): Refused =>
  new Refused({ status: code, headers, body: { error: { code, message, title: TITLES[code] } } });

/** @param path what stands behind the port in the challenge: nothing where the middleware itself refuses */
export const unauthorized = (site: Site, path = '/v3'): Refused =>
  refused(401, 'The request you have made requires authentication.', {
    'www-authenticate': `Keystone uri="${site.origins.identity}${path}"`,
  });

export const malformed = (message: string): Refused => refused(400, `${message} ${MALFORMED}`);

/** @param action such as `identity:validate_token`; absent where Keystone names none */
export const forbidden = (action?: string): Refused =>
  refused(403, `You are not authorized to perform the requested action${action === undefined ? '' : `: ${action}`}.`);

export const notFound = (what: string, id: string): Refused => refused(404, `Could not find ${what}: ${id}.`);

/** The page of Flask for a path that Keystone does not know. */
export const unknownPath: ServiceAnswer = {
  status: 404,
  body: '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
};

export const unknownMethod: ServiceAnswer = {
  status: 405,
  body: { message: 'The method is not allowed for the requested URL.' },
};
