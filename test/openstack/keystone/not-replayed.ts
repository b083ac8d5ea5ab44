const BY_ADMIN = 'Set up by an administrator once; tests put identity providers into the site.';

/** Recordings that the stand-in does not answer as Keystone did, with the reason. */
export const notReplayed: Readonly<Record<string, string>> = {
  'keystone.federation.idp.create--admin': BY_ADMIN,
  'keystone.federation.mapping.create--admin': BY_ADMIN,
  'keystone.federation.protocol.create--admin': BY_ADMIN,
  'keystone.tokens.create--schema-400': 'Keystone sends the whole JSON schema, of which the stand-in has a line.',
};
