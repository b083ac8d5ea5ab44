/**
 * Verifies what OpenSSL refuses on principle: proxy certificates (RFC 3820), which people of the grid sign for
 * themselves. They stand at the end of the chain, and the person's own certificate must lead to one of the authorities
 * (RFC 5280 §6.1). What this code does not know, such as name constraints, is refused.
 */
import type { X509Certificate } from 'node:crypto';
import { typeName } from '../../lib/x509/attribute-types.ts';
import { type CertificateParts, type Extension, partsOf } from '../../lib/x509/certificate.ts';
import { elementsIn, inside, oidIn, TAG } from '../../lib/x509/der.ts';
import { type DistinguishedName, textOf } from '../../lib/x509/distinguished-name.ts';

/** Why a chain is not accepted, for the log. */
export class Unverified extends Error {
  override readonly name = 'Unverified';
}

const EXTENSION = {
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  policies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
  proxyCertInfo: '1.3.6.1.5.5.7.1.14',
} as const;

/** Extensions that may be critical; all others are refused if they are. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.subjectAltName,
  EXTENSION.keyUsage,
  EXTENSION.basicConstraints,
  EXTENSION.policies,
  EXTENSION.extendedKeyUsage,
  EXTENSION.proxyCertInfo,
]);

/**
 * The proxy may do what its person may. Others are refused: a limited proxy (Globus) is for moving files and starts
 * nothing, an independent one has no rights of its person.
 */
const INHERIT_ALL = '1.3.6.1.5.5.7.21.1';

/** SHA-2 with RSA, RSA-PSS and ECDSA, and Ed25519; the gateway demands SHA-256 or better too. */
const SIGNATURES: ReadonlySet<string> = new Set([
  ...['10', '11', '12', '13'].map((one) => `1.2.840.113549.1.1.${one}`),
  ...['2', '3', '4'].map((one) => `1.2.840.10045.4.3.${one}`),
  '1.3.101.112',
]);

/** As the gateway demands. */
const MIN_RSA_BITS = 2048;
const CLIENT_AUTH = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];
const MAX_CERTIFICATES = 10;

/** A certificate as Node reads it, and what Node does not tell. */
interface Read extends CertificateParts {
  readonly certificate: X509Certificate;
}

const read = (certificate: X509Certificate): Read => ({ certificate, ...partsOf(certificate.raw) });

const extension = ({ extensions }: Read, id: string): Extension | undefined => extensions.find((one) => one.id === id);

const requireThat: (holds: boolean, why: string) => asserts holds = (holds, why) => {
  if (!holds) throw new Unverified(why);
};

/** What is wrong with a certificate by itself; every one of a chain must be without fault. */
function faultOf(one: Read, now: number): string | undefined {
  const { certificate, extensions, signedWith } = one;
  const unknown = extensions.find(({ id, isCritical }) => isCritical && !UNDERSTOOD.has(id));
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
  // Written so that a time that could not be read counts as a fault.
  if (!(Date.parse(certificate.validFrom) <= now)) return 'a certificate is not valid yet';
  if (!(now <= Date.parse(certificate.validTo))) return 'a certificate has expired';
  if (unknown) return `a certificate has the critical extension ${unknown.id}`;
  if (extension(one, EXTENSION.nameConstraints)) return 'a certificate has name constraints';
  if (!SIGNATURES.has(signedWith)) return `a certificate is signed with the algorithm ${signedWith}`;
  if (bits < MIN_RSA_BITS) return `a certificate has a key of ${bits} bits`;
  const ids = extensions.map(({ id }) => id);
  return new Set(ids).size < ids.length ? 'a certificate has an extension twice' : undefined;
}

const isIssuedBy = ({ certificate }: Read, issuer: Read): boolean =>
  certificate.checkIssued(issuer.certificate) && certificate.verify(issuer.certificate.publicKey);

/** How many proxies may follow this one; Infinity if its extension does not say. Throws for one with other rights. */
function proxiesAfter({ isCritical, value }: Extension): number {
  const [first, ...rest] = inside(elementsIn(value)[0], TAG.sequence);
  const hasLimit = first?.tag === TAG.integer;
  const [language] = inside(hasLimit ? rest[0] : first, TAG.sequence);
  requireThat(isCritical, 'the extension of a proxy is not critical');
  requireThat(oidIn(language) === INHERIT_ALL, 'a proxy does not have all rights of its person');
  return hasLimit ? integerIn(first.content) : Number.POSITIVE_INFINITY;
}

function integerIn(bytes: Buffer): number {
  requireThat(bytes.length === 1 && bytes[0]! < 0x80, 'a path length is not from 0 to 127');
  return bytes[0]!;
}

/** The name of a proxy is that of its issuer and one common name more (RFC 3820 §3.4). */
function extendsName(name: DistinguishedName, issuer: DistinguishedName): boolean {
  const [own] = name.slice(-1);
  const isCommonName = own?.length === 1 && typeName(own[0]!.type) === 'CN';
  return isCommonName && textOf(name.slice(0, -1)) === textOf(issuer);
}

/** RFC 3820 §3: what a proxy must be, apart from its time. `below` proxies stand between it and the connection. */
function checkProxy(proxy: Read, info: Extension, issuer: Read, below: number): void {
  const { certificate } = proxy;
  requireThat(proxiesAfter(info) >= below, 'a proxy has more proxies below it than it permits');
  requireThat(!certificate.ca, 'a proxy is an authority');
  requireThat(extendsName(proxy.subject, issuer.subject), 'the name of a proxy does not extend that of its issuer');
  for (const id of [EXTENSION.subjectAltName, EXTENSION.issuerAltName]) {
    requireThat(extension(proxy, id) === undefined, 'a proxy has an alternative name');
  }
  requireThat(isIssuedBy(proxy, issuer), 'a proxy is not signed by the certificate that follows it');
}

/** Whether a certificate may stand at the end of a connection. */
const isForClients = ({ certificate: { keyUsage } }: Read): boolean =>
  keyUsage === undefined || keyUsage.some((purpose) => CLIENT_AUTH.includes(purpose));

/** How many authorities may stand below this one (RFC 5280 §4.2.1.9). */
function authoritiesBelow(authority: Read): number {
  const constraints = extension(authority, EXTENSION.basicConstraints);
  if (!constraints) return -1;
  const limit = inside(elementsIn(constraints.value)[0], TAG.sequence).find(({ tag }) => tag === TAG.integer);
  return limit ? integerIn(limit.content) : Number.POSITIVE_INFINITY;
}

/** Whether a certificate leads to a trusted root; `below` authorities stand under its issuer. */
function leadsToRoot(one: Read, trusted: readonly Read[], sent: readonly Read[], below: number, now: number): boolean {
  const mayIssue = (issuer: Read): boolean => {
    const isAuthority = issuer.certificate.ca && authoritiesBelow(issuer) >= below;
    return isAuthority && isIssuedBy(one, issuer) && faultOf(issuer, now) === undefined;
  };
  // A root is always one of those that the server knows, whatever the client sends.
  if (trusted.some((root) => isIssuedBy(root, root) && mayIssue(root))) return true;
  if (below >= MAX_CERTIFICATES) return false;
  return [...trusted, ...sent].some(
    (issuer) => !isIssuedBy(issuer, issuer) && mayIssue(issuer) && leadsToRoot(issuer, trusted, sent, below + 1, now),
  );
}

/** A person's own certificate, behind one or more proxies. */
export interface VerifiedProxy {
  readonly person: X509Certificate;
  /** When the first certificate of the chain expires, in milliseconds since 1970. */
  readonly until: number;
}

/**
 * The person behind the proxies that a client has sent.
 * @param chain of the client, the certificate of the connection first
 * @throws {Unverified} or a `RangeError` for a chain that is not accepted; also for one without a proxy
 */
export function verifyProxy(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  now = Date.now(),
): VerifiedProxy {
  requireThat(chain.length <= MAX_CERTIFICATES, 'the chain is too long');
  const all = chain.map(read);
  const proxies = all.findIndex((one) => extension(one, EXTENSION.proxyCertInfo) === undefined);
  requireThat(proxies !== 0, 'the certificate is not signed by an authority of --client-ca');
  const person = all[proxies];
  requireThat(person !== undefined, 'the certificate of the person is missing after its proxies');
  const used = all.slice(0, proxies + 1);
  for (const one of used) {
    const fault = faultOf(one, now);
    requireThat(fault === undefined, `${fault}`);
    requireThat(isForClients(one), 'a certificate is not for clients');
  }
  for (const [place, proxy] of used.slice(0, -1).entries()) {
    checkProxy(proxy, extension(proxy, EXTENSION.proxyCertInfo)!, used[place + 1]!, place);
  }
  requireThat(!person.certificate.ca, 'a proxy is signed by an authority');
  const sent = all.slice(proxies + 1);
  requireThat(
    leadsToRoot(person, authorities.map(read), sent, 0, now),
    'the certificate of the person is not signed by an authority of --client-ca',
  );
  return {
    person: person.certificate,
    until: Math.min(...used.map(({ certificate }) => Date.parse(certificate.validTo))),
  };
}
