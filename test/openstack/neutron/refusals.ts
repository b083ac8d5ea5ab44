import { Refused } from '../service.ts';

/** An error of Neutron; `type` is the part that clients can rely on. */
export const refused = (status: number, type: string, message: string): Refused =>
  new Refused({ status, body: { NeutronError: { type, message, detail: '' } } });

export const badRequest = (message: string): Refused => refused(400, 'HTTPBadRequest', message);

export const invalidInput = (message: string): Refused =>
  refused(400, 'InvalidInput', `Invalid input for operation: ${message}`);

/** @param what `rule:create_port` */
export const denied = (what: string): Refused => refused(403, 'PolicyNotAuthorized', `${what} is disallowed by policy`);

export const notFound = (type: string, sentence: string): Refused => refused(404, type, sentence);

export const noAddress = (networkId: string): Refused =>
  refused(409, 'IpAddressGenerationFailure', `No more IP addresses available on network ${networkId}.`);

export const methodNotAllowed = (): Refused =>
  refused(
    405,
    'HTTPMethodNotAllowed',
    'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  );
