/** What refusals mean: rules per service over `status type sentence`, and what holds for a status that no rule knows. */
import {
  always,
  firstMatch,
  type RefusalRule,
  type ToClientError,
  UNKNOWN_REFUSAL,
} from '../../../../lib/adapter/refusals.ts';
import { BAD_CREDENTIALS } from '../../../../lib/auth/scheme.ts';
import type { Meaning } from '../refusal.ts';
import type { ServiceName } from '../services.ts';
import { ATTACHMENT } from './attachment.ts';
import { COMPUTE } from './compute.ts';
import { NETWORK } from './network.ts';
import { aboutOwnPath } from './own-path.ts';
import { VOLUME } from './volume.ts';

const RULES: { readonly [S in ServiceName]: readonly RefusalRule[] } = {
  identity: [],
  compute: [...ATTACHMENT, ...COMPUTE],
  network: NETWORK,
  volume: VOLUME,
  image: [],
};

const BY_STATUS: Readonly<Record<number, ToClientError>> = {
  400: (_match, kind) => ({
    failure: 'invalid',
    message: `The cloud does not accept this ${kind} as it is asked for.`,
  }),
  401: always('unauthenticated', BAD_CREDENTIALS),
  403: always('forbidden', 'The provider does not permit this.'),
  404: (_match, kind) => ({ failure: 'notFound', message: `There is no such ${kind}.` }),
  409: (_match, kind) => ({ failure: 'conflict', message: `The cloud cannot do this to the ${kind} now.` }),
  413: always('tooLarge', 'The request is too large for the cloud.'),
  429: always('unavailable', 'The cloud gets too many requests; try again later.'),
  500: always('unavailable', 'The cloud failed; try again later.'),
  502: always('unavailable', 'The cloud does not answer at the moment; try again later.'),
  503: always('unavailable', 'The cloud does not answer at the moment; try again later.'),
  504: always('timedOut', 'The cloud did not answer in time.'),
};

/** By the rules of the service, or else by the status. */
export const meaning: Meaning = (refusal, kind) => {
  const { service, status, type, sentence, retryAfterSeconds } = refusal;
  const text = `${status} ${type} ${sentence}`;
  const isPutOff = status === 413 && retryAfterSeconds !== undefined && retryAfterSeconds > 0;
  const found = aboutOwnPath(
    (isPutOff ? BY_STATUS[429]?.([], kind, text) : firstMatch(RULES[service], text, kind)) ??
      BY_STATUS[status]?.([], kind, text) ??
      UNKNOWN_REFUSAL,
    refusal,
    kind,
  );
  // Cinder sends 0 with an exceeded quota, which does not pass by itself.
  return retryAfterSeconds !== undefined && retryAfterSeconds > 0 ? { ...found, retryAfterSeconds } : found;
};
