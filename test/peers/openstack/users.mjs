// Who is in the cloud, and with what; the same names as in the recordings.

/** People, each with a role in one project or more. Projects and people of one line are in the same domain. */
export const USERS = {
  alice: { name: 'alice', password: 'alice-secret', project: 'alpha' },
  bob: { name: 'bob', password: 'bob-secret', project: 'beta' },
  /** May read only. */
  rita: { name: 'rita', password: 'rita-secret', project: 'alpha' },
  /** In two projects: a login without a scope has a choice. */
  dora: { name: 'dora', password: 'dora-secret', project: 'alpha' },
  /** In another domain than the rest. */
  erik: { name: 'erik', password: 'erik-secret', project: 'gamma', domain: 'physics' },
  /** Has the thousands of machines of populate(), and no narrow quota. */
  many: { name: 'many', password: 'many-secret', project: 'many' },
};

/** Roles, by user and project. */
export const GRANTS = [
  ['alice', 'alpha', 'member'],
  ['bob', 'beta', 'member'],
  ['rita', 'alpha', 'reader'],
  ['dora', 'alpha', 'member'],
  ['dora', 'beta', 'member'],
  ['erik', 'gamma', 'member'],
  ['many', 'many', 'member'],
];

/** Where `Authorization: Bearer NAME` proves a user of an OpenID provider; whoever he is, he is a member of this project. */
export const FEDERATION = {
  provider: 'egi',
  protocol: 'openid',
  issuer: 'https://idp.example.org',
  group: 'egi',
  project: 'grid',
};
