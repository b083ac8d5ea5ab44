/** Settings of the adapter. Credentials of users never come from here: each request carries its own. */
import * as z from 'zod';
import type { CloudLogin } from '../../lib/adapter/cloud-login.ts';
import { cloudBaseUrl } from '../../lib/config/cloud-url.ts';
import { answerBytes, certificateAuthorities, nativeTimeout } from '../../lib/config/native-calls.ts';

const name = z.string().regex(/^[^\p{Cc}]{1,255}$/u, 'must be 1 to 255 characters without control characters');

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a UUID');

/** The URL of version 3, whether or not it is written. */
const withVersion = (url: string): string => url.replace(/(\/v[\d.]+)?\/$/, '/v3/');

const keystoneUrl = () => cloudBaseUrl().transform(withVersion);

const schema = z.strictObject({
  endpoint: keystoneUrl().describe('URL of Keystone, such as `https://cloud.example.org:5000/v3`.'),
  loginUrl: keystoneUrl()
    .optional()
    .describe(
      'URL of Keystone as clients reach it, for those that log in there by themselves. By default that of `endpoint`.',
    ),
  region: name
    .optional()
    .describe(
      'Region whose services are used. By default the only one in the catalogue; needed where there are several. Machines and volumes show it as a mixin.',
    ),
  interface: z
    .enum(['public', 'internal'])
    .default('public')
    .describe("Which of the catalogue's endpoints are called."),
  userDomain: name
    .default('Default')
    .describe('Domain of users who log in without one (`user` instead of `user@domain`).'),
  timeout: nativeTimeout(20),
  ca: certificateAuthorities("the services' certificates"),
  page: z.int().min(10).max(1000).default(500).describe('Entries per page of a native listing.'),
  answerBytes,
  federation: z
    .strictObject({
      identityProvider: name.describe('Name of the identity provider in Keystone.'),
      protocol: name.default('openid').describe('Name of its protocol in Keystone.'),
    })
    .optional()
    .describe(
      'How bearer tokens of an OpenID provider are exchanged for tokens of Keystone. Without it they are refused.',
    ),
  hibernate: z
    .enum(['suspend', 'shelve'])
    .default('suspend')
    .describe('What the action `suspend` does with `method=hibernate`: Nova suspends to disk, or shelves the server.'),
  defaultOsTemplate: uuid
    .optional()
    .describe('Image of a compute that names none. By default such a compute is refused.'),
  defaultNetwork: z
    .string()
    .regex(/^(only|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, 'must be a UUID, or the word only')
    .optional()
    .describe(
      'Network of a compute that is linked to none: its UUID, or `only` for the only one that the project can use (none if it has none; 409 with several). By default such a compute has no network.',
    ),
  externalNetwork: uuid
    .optional()
    .describe('External network that new networks are joined to by a router. Without it they have no way out.'),
});

export type OpenStackSettings = z.infer<typeof schema>;

export const settings: z.ZodType<OpenStackSettings> = schema;

/** Where clients log in. Those of the field cut a version off the URI or not, so there is none (CLIENT-7). */
export const cloudLogin = ({ endpoint, loginUrl = endpoint, federation }: OpenStackSettings): CloudLogin => ({
  uri: loginUrl.replace(/\/v3\/$/, ''),
  takesBearer: federation !== undefined,
});
