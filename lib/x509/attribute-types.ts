/** The types of attributes in distinguished names, under all the names that tools write. */

/**
 * Object identifier, then its names. The first name is the one that we write. It becomes part of the names of callers and
 * so of the keys of their entities: never change it. Sources: RFC 4514 §3, RFC 4519, RFC 2985, OpenSSL's short and long
 * names, Java's and gridsite's spellings.
 */
const TYPES: readonly (readonly [oid: string, name: string, ...others: string[]])[] = [
  ['2.5.4.3', 'CN', 'commonName'],
  ['2.5.4.4', 'SN', 'surname'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C', 'countryName'],
  ['2.5.4.7', 'L', 'localityName'],
  ['2.5.4.8', 'ST', 'S', 'stateOrProvinceName'],
  ['2.5.4.9', 'STREET', 'streetAddress'],
  ['2.5.4.10', 'O', 'organizationName'],
  ['2.5.4.11', 'OU', 'organizationalUnitName'],
  ['2.5.4.12', 'title', 'T'],
  ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.20', 'telephoneNumber'],
  ['2.5.4.41', 'name'],
  ['2.5.4.42', 'GN', 'G', 'givenName'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.45', 'x500UniqueIdentifier'],
  ['2.5.4.46', 'dnQualifier', 'DNQ'],
  ['2.5.4.51', 'houseIdentifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.72', 'role'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID', 'userId'],
  ['0.9.2342.19200300.100.1.3', 'mail', 'rfc822Mailbox'],
  ['0.9.2342.19200300.100.1.25', 'DC', 'domainComponent'],
  ['1.2.840.113549.1.9.1', 'emailAddress', 'E', 'Email'],
  ['1.2.840.113549.1.9.2', 'unstructuredName'],
];

const OID_BY_NAME = new Map(
  TYPES.flatMap(([oid, ...names]) => names.map((name) => [name.toLowerCase(), oid] as const)),
);
const NAME_BY_OID = new Map(TYPES.map(([oid, name]) => [oid, name]));

/** Dotted, without leading zeros, which would be another spelling of the same. */
const OID = /^(?:oid\.)?([0-2](?:\.(?:0|[1-9]\d*))+)$/i;

/** The object identifier of a type by one of its names, in any case, or by itself; undefined for an unknown name. */
export const oidOf = (written: string): string | undefined =>
  OID_BY_NAME.get(written.toLowerCase()) ?? OID.exec(written)?.[1];

/** How a type is written: its name, or its object identifier if it has none here. */
export const typeName = (oid: string): string => NAME_BY_OID.get(oid) ?? oid;
