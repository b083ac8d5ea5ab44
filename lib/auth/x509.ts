import { X509Certificate } from 'node:crypto';
import type { X509Settings } from '../config/auth/x509.ts';
import { OcciError } from '../errors.ts';
import { Remembered } from '../remembered.ts';
import { partsOf } from '../x509/certificate.ts';
import { textOf } from '../x509/distinguished-name.ts';
import { readName } from '../x509/written-name.ts';
import { includesAll, type Principal, principal } from './principal.ts';
import { type AuthScheme, BAD_CREDENTIALS } from './scheme.ts';

/** What the scheme needs of a certificate. Times are in milliseconds since 1970. */
interface Known {
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Certificates that a container keeps in their parsed form; each takes about 2 kB. */
const KEPT_CERTIFICATES = 200;

/** So many characters of a subject are shown to the client that sent it. */
const SHOWN_CHARS = 300;

/** Reads a certificate. Throws `unauthenticated` for a text that is none. */
function read(pem: string): Known {
  try {
    const certificate = new X509Certificate(pem);
    const [notBefore, notAfter] = [certificate.validFrom, certificate.validTo].map((time) => Date.parse(time));
    return { subject: textOf(partsOf(certificate.raw).subject), notBefore: notBefore!, notAfter: notAfter! };
  } catch (cause) {
    throw new OcciError('unauthenticated', BAD_CREDENTIALS, { cause });
  }
}

/**
 * The client certificate of a connection with mutual TLS. The end of the TLS connection has verified it: the gateway
 * against its truststore, `npm start` against `--client-ca`. The subject is taken from the certificate itself, since the
 * text that the gateway adds (`subjectDN`) has no documented form. An old connection may outlive its certificate, so the
 * validity is checked again.
 */
export function x509({ users }: X509Settings, now: () => number = Date.now): AuthScheme {
  const callers = new Map<string, Principal>(
    Object.entries(users).map(([written, { name, tenant, role }]) => {
      const subject = textOf(readName(written));
      return [subject, principal('x509', name ?? subject, { tenant, role })];
    }),
  );
  // Several certificates may have one user.
  const byName = new Map<string, Principal[]>();
  for (const caller of callers.values()) byName.set(caller.name, [...(byName.get(caller.name) ?? []), caller]);
  const known = new Remembered<string, Known>(KEPT_CERTIFICATES);
  return {
    name: 'x509',
    isAmbient: true,
    authenticate({ clientCertificate: pem }) {
      if (pem === undefined) return undefined;
      let certificate = known.get(pem);
      if (certificate === undefined) {
        certificate = read(pem);
        known.set(pem, certificate);
      }
      const { subject, notBefore, notAfter } = certificate;
      // Written so that a time that could not be read counts as over.
      if (!(notBefore <= now() && now() <= notAfter)) throw new OcciError('unauthenticated', BAD_CREDENTIALS);
      const caller = callers.get(subject);
      if (caller) return caller;
      throw new OcciError(
        'forbidden',
        `This endpoint has no user with the certificate ${subject.slice(0, SHOWN_CHARS)}: ask its provider to add it.`,
      );
    },
    stillGrants: (name, grants) => byName.get(name)?.some((caller) => includesAll(caller.grants, grants)) ?? false,
  };
}
