/** Logins of version 3: `POST /v3/auth/tokens`. https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
import * as z from 'zod';
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { loginBody, text } from './body.ts';
import { DOMAIN, type Login, type Proof, type Wanted } from './login.ts';

const domain = z.object({ id: z.string().optional(), name: z.string().optional() });

const hasIdOrName = ({ id, name }: { id?: string | undefined; name?: string | undefined }): boolean =>
  id !== undefined || name !== undefined;

const ID_OR_NAME = 'must have id or name';

const body = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).max(10),
      password: z
        .object({
          user: z
            .object({ id: text.optional(), name: text.optional(), password: text, domain: domain.optional() })
            .refine(hasIdOrName, ID_OR_NAME)
            .refine(
              ({ id, domain: of }) => id !== undefined || (of && hasIdOrName(of)),
              'must have a domain with its name',
            ),
        })
        .optional(),
      token: z.object({ id: text }).optional(),
      mapped: z.object({}).optional(),
    }),
    scope: z
      .union([
        z.literal('unscoped'),
        z
          .object({
            project: z
              .object({ id: text.optional(), name: text.optional(), domain: domain.optional() })
              .refine(hasIdOrName, ID_OR_NAME)
              .refine(
                ({ id, domain: of }) => id !== undefined || (of && hasIdOrName(of)),
                'must have a domain with its name',
              )
              .optional(),
            domain: z.unknown().optional(),
            system: z.unknown().optional(),
            'OS-TRUST:trust': z.unknown().optional(),
            unscoped: z.unknown().optional(),
          })
          .refine(
            (scope) => Object.values(scope).filter((one) => one !== undefined).length === 1,
            'must be one of project, domain, system, OS-TRUST:trust and unscoped',
          ),
      ])
      .optional(),
  }),
});

type Auth = z.infer<typeof body>['auth'];

/** Clients find the domain by its id, or by its name in any case. */
const isOurs = (of: z.infer<typeof domain> | undefined): boolean =>
  (of?.id === undefined || of.id === DOMAIN.id) &&
  (of?.name === undefined || of.name.toLowerCase() === DOMAIN.name.toLowerCase());

/** The proofs by the name of their method. */
const METHODS: Readonly<Record<string, (identity: Auth['identity']) => Proof | undefined>> = {
  password: ({ password }) =>
    password && { by: 'password', user: password.user.id ?? password.user.name!, password: password.user.password },
  token: ({ token }) => token && { by: 'token', token: token.id },
  mapped: ({ mapped }) => mapped && { by: 'certificate' },
};

function proofIn(identity: Auth['identity']): Proof {
  const [method, ...others] = new Set(identity.methods);
  const take = method !== undefined && Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (others.length > 0) throw new OcciError('invalid', 'auth.identity.methods: must be one method.');
  if (!take) {
    const known = Object.keys(METHODS).join(', ');
    throw new OcciError('unauthenticated', `The method is not supported: use one of ${known}.`);
  }
  const proof = take(identity);
  if (!proof) throw new OcciError('invalid', `auth.identity.${method}: must be there for the method ${method}.`);
  return proof;
}

function wantedIn(scope: Auth['scope']): Wanted {
  if (scope === undefined) return 'default';
  if (scope === 'unscoped' || scope.unscoped !== undefined) return 'unscoped';
  const { project } = scope;
  if (!project || !isOurs(project.domain)) return 'never';
  return { project: project.id ?? project.name! };
}

/** The login in a request. Throws `invalid` for a malformed one, `unauthenticated` for a method that is not here. */
export function v3Login(request: Pick<HttpRequest, 'headers' | 'body'>): Login {
  const { identity, scope } = loginBody(request, body).auth;
  return {
    proof: proofIn(identity),
    wanted: wantedIn(scope),
    isOurDomain: isOurs(identity.password?.user.domain),
  };
}
