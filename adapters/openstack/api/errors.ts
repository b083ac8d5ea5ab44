/** Translates what services refuse: by the table of the service, or else by the status. */
import { type ClientError, errorTranslation, firstMatch, UNKNOWN_REFUSAL } from '../../../lib/adapter/refusals.ts';
import { Refusal } from './refusal.ts';
import { BY_STATUS, RULES } from './refusals/index.ts';

function clientErrorOf(refusal: Refusal, kind: string): ClientError {
  const { service, status, type, sentence, retryAfterSeconds } = refusal;
  const text = `${status} ${type} ${sentence}`;
  const isPutOff = status === 413 && retryAfterSeconds !== undefined && retryAfterSeconds > 0;
  const found =
    (isPutOff ? BY_STATUS[429]?.([], kind, text) : firstMatch(RULES[service], text, kind)) ??
    BY_STATUS[status]?.([], kind, text) ??
    UNKNOWN_REFUSAL;
  // Cinder sends 0 with an exceeded quota, which does not pass by itself.
  return retryAfterSeconds !== undefined && retryAfterSeconds > 0 ? { ...found, retryAfterSeconds } : found;
}

/** A refusal about another thing than `kind` is the request's fault (`invalid`), one about the thing itself `notFound`. */
export const { toOcciError, translateErrors } = errorTranslation<Refusal>({
  isRefusal: (error) => error instanceof Refusal,
  clientErrorOf,
  retryAfterSeconds: 5,
  isUnknownOutcome: ({ mayHaveActed }) => mayHaveActed,
});
