/** Logins of version 2.0: `POST /v2.0/tokens`. Keystone ended it in 2018; clients of OCCI never left it. */
import * as z from 'zod';
import type { HttpRequest } from '../http/message.ts';
import { loginBody, text } from './body.ts';
import type { Login, Proof, Wanted } from './login.ts';

const ONE_PROOF = 'must have one of passwordCredentials, token and voms';

const body = z.object({
  auth: z
    .object({
      passwordCredentials: z
        .object({ username: text.optional(), userId: text.optional(), password: text })
        .refine(
          ({ username, userId }) => (username === undefined) !== (userId === undefined),
          'must have username or userId',
        )
        .optional(),
      token: z.object({ id: text }).optional(),
      /** Keystone's VOMS plugin: the proof is the certificate of the connection. */
      voms: z.literal(true).optional(),
      tenantName: text.optional(),
      tenantId: text.optional(),
    })
    .refine(
      ({ passwordCredentials, token, voms }) =>
        [passwordCredentials, token, voms].filter((one) => one !== undefined).length === 1,
      ONE_PROOF,
    )
    .refine(
      ({ tenantName, tenantId }) => tenantName === undefined || tenantId === undefined,
      'must have tenantName or tenantId, not both',
    ),
});

type Auth = z.infer<typeof body>['auth'];

function proofIn({ passwordCredentials, token }: Auth): Proof {
  if (passwordCredentials) {
    const { username, userId, password } = passwordCredentials;
    return { by: 'password', user: username ?? userId!, password };
  }
  return token ? { by: 'token', token: token.id } : { by: 'certificate' };
}

/** The login in a request. Throws `invalid` for a malformed one. */
export function v2Login(request: Pick<HttpRequest, 'headers' | 'body'>): Login {
  const { auth } = loginBody(request, body);
  const project = auth.tenantName ?? auth.tenantId;
  const wanted: Wanted = project === undefined ? 'default' : { project };
  return { proof: proofIn(auth), wanted, isOurDomain: true };
}
