/** What Node does not tell of a certificate: its subject without the ambiguities of text, and its extensions. */
import { contentOf, type Element, elementsIn, inside, oidIn, TAG } from './der.ts';
import { type DistinguishedName, nameIn } from './distinguished-name.ts';

export interface Extension {
  readonly id: string;
  readonly isCritical: boolean;
  readonly value: Buffer;
}

/** A certificate (RFC 5280 §4.1) whose DER Node has accepted. */
export interface CertificateParts {
  readonly subject: DistinguishedName;
  readonly extensions: readonly Extension[];
  /** Object identifier of the algorithm with which it is signed. */
  readonly signedWith: string;
}

/** Context-specific tags of the optional fields. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

function extensionIn(element: Element): Extension {
  const [id, ...rest] = inside(element, TAG.sequence);
  const critical = rest.length === 2 && contentOf(rest[0], TAG.boolean)[0] !== 0;
  return { id: oidIn(id), isCritical: critical, value: contentOf(rest.at(-1), TAG.octetString) };
}

/** Reads the DER of a certificate. Throws a `RangeError` for other bytes. */
export function partsOf(der: Buffer): CertificateParts {
  const [certificate] = elementsIn(der);
  const [signed, algorithm] = inside(certificate, TAG.sequence);
  const fields = inside(signed, TAG.sequence);
  const [, , , , subject] = fields[0]?.tag === VERSION ? fields.slice(1) : fields;
  const extensions = fields.find(({ tag }) => tag === EXTENSIONS);
  return {
    subject: nameIn(subject),
    extensions: extensions ? inside(elementsIn(extensions.content)[0], TAG.sequence).map(extensionIn) : [],
    signedWith: oidIn(inside(algorithm, TAG.sequence)[0]),
  };
}
