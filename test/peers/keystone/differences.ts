/** Where this endpoint answers otherwise than Keystone, and why. Whatever is not here is the same. */

/** What differs, with Keystone's and ours. */
interface Difference {
  readonly reason: string;
  readonly differs?: Readonly<Record<string, readonly [theirs: unknown, ours: unknown]>>;
  /** The bodies have nothing in common, as one is an error or in another form. */
  readonly hasOtherBody?: true;
}

const NO_HINT = 'nobody learns of a token of another user, not even that there is one';
const ONE_FORM = 'every error has the form that the others have; Keystone sends a page of its web framework';
const NO_GROUPS = 'groups of an OpenID provider decide about projects here, and are no groups of Keystone';

const group = ['string', undefined] as const;

/** By the name of a request. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  versions: {
    reason: 'rOCCI-api follows a Location of 300, and would see version 3 only, where it has no login with a password',
    differs: { location: [true, false] },
  },
  'two methods': {
    reason: 'one method proves a user here',
    differs: { status: [201, 400], 'x-subject-token': [true, false] },
    hasOtherBody: true,
  },
  'token that is none': {
    reason: 'all bad credentials get one answer, and clients look for 401',
    differs: { status: [404, 401], 'www-authenticate': [undefined, 'Keystone uri=…'] },
  },
  'a foreign token': { reason: NO_HINT, differs: { status: [403, 404] } },
  'foreign token is revoked': { reason: NO_HINT, differs: { status: [403, 404] } },
  'no token to show': {
    reason: 'nothing is forbidden: the request is incomplete, and is told so',
    differs: { status: [403, 400] },
  },
  'bearer token': { reason: NO_GROUPS, differs: { 'token.user.OS-FEDERATION.groups[0].id': group } },
  'bearer token, GET': { reason: NO_GROUPS, differs: { 'token.user.OS-FEDERATION.groups[0].id': group } },
  'federated token for a project': {
    reason: `${NO_GROUPS}; roles of other tokens have no domain and no description at Keystone either`,
    differs: {
      'token.user.OS-FEDERATION.groups[0].id': group,
      'token.roles[0].description': ['null', undefined],
      'token.roles[0].domain_id': ['null', undefined],
    },
  },
  'unknown method': {
    reason: 'the sentence names the methods',
    differs: { 'error.identity.methods': ['list', undefined], 'error.identity.methods[0]': ['string', undefined] },
  },
  'large body': {
    reason: ONE_FORM,
    differs: { 'content-type': ['text/plain', 'application/json'], vary: [undefined, 'X-Auth-Token'] },
    hasOtherBody: true,
  },
  'unknown path': {
    reason: ONE_FORM,
    differs: { 'content-type': ['text/html', 'application/json'] },
    hasOtherBody: true,
  },
  'unknown path without a token': {
    reason: ONE_FORM,
    differs: { 'content-type': ['text/html', 'application/json'] },
    hasOtherBody: true,
  },
  'unknown method of a path': { reason: ONE_FORM, hasOtherBody: true },
  'methods of a path': {
    reason: 'there is no body to be of a type',
    differs: { 'content-type': ['text/html', undefined] },
  },
};
