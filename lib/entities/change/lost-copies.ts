/** Actions that make something new, whose answer is lost: one more of them would make one more. */
import { OcciError } from '../../errors.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';

/** What a client is told, by kind and action. Repeating any other action makes nothing new. */
const LOST: { readonly [K in KindTerm]?: Readonly<Record<string, string>> } = {
  compute: {
    save: 'The cloud did not say whether it saved the compute: look for its template at /-/ before you send this again.',
  },
  storage: {
    snapshot:
      'The cloud did not say whether it made the snapshot: look for it with the tools of the cloud before you send this again.',
    backup:
      'The cloud did not say whether it made the backup: look for it with the tools of the cloud before you send this again.',
  },
};

/**
 * The failure of an action whose answer is lost, as the client gets it. One that may have made a copy says so, and has no
 * `Retry-After`, which clients follow by themselves.
 */
export function failureOfLost(error: OcciError, kind: KindTerm, action: string): OcciError {
  const sentences = LOST[kind] ?? {};
  if (!Object.hasOwn(sentences, action)) return error;
  return new OcciError(error.failure, sentences[action]!, { cause: error, unknownOutcome: true });
}
