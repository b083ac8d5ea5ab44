import { Refused, type ServiceAnswer } from '../service.ts';

/** Nothing to say; WebOb names a type all the same. */
export const NO_CONTENT: ServiceAnswer = { status: 204, headers: { 'content-type': 'text/html; charset=UTF-8' } };

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  415: 'Unsupported Media Type',
};

const refused = (status: number, message: string, headers?: Readonly<Record<string, string>>): Refused =>
  new Refused({
    status,
    body: { message, code: `${status} ${TITLES[status]}`, title: TITLES[status] },
    ...(headers && { headers }),
  });

/** An error of Glance; WebOb writes it, and its markup stays in the text. */
export const plainly = (status: number, sentence: string): Refused => refused(status, `${sentence}<br /><br />\n\n\n`);

export const badRequest = (sentence: string): Refused => plainly(400, sentence);

/** @param action `delete_image` */
export const denied = (action: string): Refused => plainly(403, `You are not authorized to complete ${action} action.`);

export const readOnly = (name: string): Refused => plainly(403, `Attribute '${name}' is read-only.`);

export const forbidden = (sentence: string): Refused =>
  refused(403, `Access was denied to this resource.<br /><br />\n${sentence}\n\n`);

export const conflict = (sentence: string): Refused =>
  refused(409, `There was a conflict when trying to complete your request.<br /><br />\n${sentence}\n\n`);

export const noImage = (id: string): Refused => plainly(404, `No image found with ID ${id}`);

export const methodNotAllowed = (method: string): Refused =>
  refused(405, `The method ${method} is not allowed for this resource. <br /><br />\n`);

export const unsupportedType = (type: string, what: string, headers?: Readonly<Record<string, string>>): Refused =>
  refused(415, `The request media type ${type} is not supported by this server.\n<br /><br />\n${what}`, headers);
