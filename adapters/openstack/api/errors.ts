/** Translates what services refuse: by the table of the service, or else by the status. */
import { errorTranslation } from '../../../lib/adapter/refusals.ts';
import { Refusal } from './refusal.ts';

/** A refusal about another thing than `kind` is the request's fault (`invalid`), one about the thing itself `notFound`. */
export const { toOcciError, translateErrors } = errorTranslation<Refusal>({
  isRefusal: (error) => error instanceof Refusal,
  clientErrorOf: (refusal, kind) => refusal.clientError(kind),
  retryAfterSeconds: 5,
  isUnknownOutcome: ({ mayHaveActed }) => mayHaveActed,
});
