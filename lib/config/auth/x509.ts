/** Client certificates, which the TLS end of the endpoint has verified: the scheme `x509`. */
import * as z from 'zod';
import { textOf } from '../../x509/distinguished-name.ts';
import { NotAName, readName } from '../../x509/written-name.ts';
import { name, role, tenant } from './grants.ts';

/** Longest default name of a caller. */
const MAX_NAME_CHARS = 256;

/** The one text of a subject that may be written in several; undefined for a text that is no subject. */
const subjectIn = (written: string): string | undefined => {
  try {
    return textOf(readName(written));
  } catch (error) {
    if (error instanceof NotAName) return undefined;
    throw error;
  }
};

const subject = () =>
  z.string().superRefine((written, { addIssue }) => {
    try {
      readName(written);
    } catch (error) {
      if (!(error instanceof NotAName)) throw error;
      addIssue({ code: 'custom', message: error.message });
    }
  });

const user = () =>
  z.strictObject({
    name: name.optional().describe('Name of the caller. By default the subject in the form of RFC 4514.'),
    tenant: tenant(),
    role: role(),
  });

export const x509 = () =>
  z.strictObject({
    users: z
      .record(subject(), user())
      .refine((all) => Object.keys(all).length > 0, 'must name a subject')
      .superRefine((all, { addIssue }) => {
        const seen = new Map<string, string>();
        for (const [written, { name: own }] of Object.entries(all)) {
          const text = subjectIn(written) ?? written;
          const before = seen.get(text);
          const tooLong = own === undefined && text.length > MAX_NAME_CHARS;
          if (before !== undefined)
            addIssue({ code: 'custom', path: [written], message: `must not be ${before} in another form` });
          if (tooLong)
            addIssue({
              code: 'custom',
              path: [written],
              message: `must have a name: its subject is longer than ${MAX_NAME_CHARS} characters`,
            });
          seen.set(text, written);
        }
      })
      .describe(
        'Callers by the subject of their certificate: `CN=Alice,O=Grid` as RFC 4514 and `openssl x509 -noout -subject ' +
          '-nameopt RFC2253` write it, or `/O=Grid/CN=Alice`. A certificate with another subject gets 403. VOMS proxies ' +
          'work with `npm start` only, for the subject of their user: API Gateway does not promise to accept them.',
      ),
  });

export type X509Settings = z.infer<ReturnType<typeof x509>>;
