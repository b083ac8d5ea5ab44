/** What `npm start` prints when it is ready: the URL of the endpoint, and a command to paste. */
import type { SchemeName } from '../lib/config/auth/names.ts';
import { namesIn } from './settings/auth.ts';
import type { Settings } from './settings/settings.ts';

/** Who is let in, and what curl needs for it; undefined for a scheme that follows another one. */
type Entrance = readonly [who: string, options: string] | undefined;

const quoted = (text: string): string => (/^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The first user of the scheme `users`, which may have a name that a shell would take apart. */
const firstUser = (auth: readonly unknown[]): string => {
  const entry = auth.find((one) => namesIn([one]).includes('users')) as { readonly users?: object } | undefined;
  return Object.keys(entry?.users ?? {})[0] ?? 'USER';
};

const ENTRANCES: { readonly [S in SchemeName]: (settings: Settings) => Entrance } = {
  anonymous: () => ['to this machine only, without credentials', ''],
  basic: ({ service }) => [`for the users of ${service.adapter.name}, with their own credentials`, '-u USER:PASSWORD'],
  users: ({ service }) => ['for the users of its settings', `-u ${quoted(`${firstUser(service.auth)}:PASSWORD`)}`],
  oidc: () => ['for users of its OpenID provider', '-H "Authorization: Bearer $TOKEN"'],
  x509: () => ['for users with a client certificate', '--cert CERTIFICATE.pem --key KEY.pem'],
  token: () => undefined,
  keystone: () => undefined,
  'cloud-token': ({ service }) => [
    `for users of ${service.adapter.name}, with a token of its own`,
    '-H "X-Auth-Token: $TOKEN"',
  ],
  gateway: () => undefined,
};

const CREATE =
  `-H 'Content-Type: text/plain' ` +
  `-d 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"'`;

/**
 * The lines. The command is for the first scheme by which a caller can begin.
 * @param metrics where they are served, if they are
 */
export function welcome(url: string, settings: Settings, metrics?: string): readonly string[] {
  const names = namesIn(settings.service.auth) as readonly SchemeName[];
  const [first = ['', ''] as const] = names.flatMap((name) => {
    const entrance = ENTRANCES[name](settings);
    return entrance ? [entrance] : [];
  });
  const [who, credentials] = first;
  const options = [credentials, settings.tls && `--cacert ${quoted(settings.tls.cert)}`].filter(Boolean).join(' ');
  const isAnonymous = names.includes('anonymous');
  const call = isAnonymous ? `-X POST ${url}/compute/ ${CREATE}` : `${url}/compute/`;
  return [
    ...settings.notes.map((note) => `Note: ${note}.`),
    `serverless-occi serves ${url}/ ${who}. Try:`,
    `curl ${options}${options === '' ? '' : ' '}${call}`,
    ...(metrics === undefined ? [] : [`Metrics are at ${metrics}`]),
  ];
}
