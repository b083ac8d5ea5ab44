/**
 * An authorizer of the gateway before every route but the health route: a request that it refuses reaches no function.
 * Without one the service's own schemes decide, as `auth` of its settings says.
 */
import type { AuthorizerName } from '../parameters/authorizers.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { HEALTH, routeLogicalId } from '../stack/functions.ts';
import { ACCOUNT_ID, arn, join } from '../stack/names.ts';
import type { DeployedFunction, Part, Properties, Resources, Stack, WrittenSettings } from '../stack/stack.ts';

const API = { ApiId: { Ref: 'HttpApi' } };

/** What stands before a route, and the resources that it needs. */
interface Guard {
  readonly route: Properties;
  readonly resources: Resources;
  readonly conditions?: Readonly<Record<string, Properties>>;
}

/** By the value of the parameter `authorizer`; `none` puts nothing before the routes. */
const KINDS = {
  none: () => undefined,
  iam: () => ({ route: { AuthorizationType: 'AWS_IAM' }, resources: {} }),
  jwt: ({ jwtIssuer, jwtAudience, authorizerIdentity }: Parameters, prefix: string) => ({
    route: { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'Authorizer' } },
    resources: {
      Authorizer: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          ...API,
          Name: prefix,
          AuthorizerType: 'JWT',
          IdentitySource: authorizerIdentity.slice(0, 1),
          JwtConfiguration: { Issuer: jwtIssuer, Audience: jwtAudience },
        },
      },
    },
  }),
  lambda: ({ authorizerFunction = '', authorizerIdentity, authorizerTtl }: Parameters, prefix: string) => ({
    route: { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } },
    resources: {
      Authorizer: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          ...API,
          Name: prefix,
          AuthorizerType: 'REQUEST',
          AuthorizerPayloadFormatVersion: '2.0',
          EnableSimpleResponses: true,
          // Kept by these values: all of them must be there, or the gateway answers 401 by itself.
          IdentitySource: authorizerIdentity,
          AuthorizerResultTtlInSeconds: authorizerTtl,
          AuthorizerUri: arn('apigateway', `path/2015-03-31/functions/${authorizerFunction}/invocations`, {
            account: 'lambda',
          }),
        },
      },
      AuthorizerPermission: {
        Type: 'AWS::Lambda::Permission',
        // Only the account that owns the function can grant the right to call it.
        Condition: 'AuthorizerIsOurs',
        Properties: {
          FunctionName: authorizerFunction,
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
          SourceArn: join(arn('execute-api', ''), { Ref: 'HttpApi' }, '/authorizers/', { Ref: 'Authorizer' }),
        },
      },
    },
    conditions: { AuthorizerIsOurs: { 'Fn::Equals': [ACCOUNT_ID, authorizerFunction.split(':')[4]!] } },
  }),
} as const satisfies Record<AuthorizerName, (parameters: Parameters, prefix: string) => Guard | undefined>;

/** What a signature of AWS is made of where it stands in the query (Signature Version 4). */
const SIGNATURE: readonly string[] = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
];

const IN_QUERY = '$request.querystring.';

/** Parameters of the query that the authorizer reads: the service refuses those that it does not know itself. */
export const authorizerParameters = ({
  authorizer,
  authorizerIdentity,
}: Pick<Parameters, 'authorizer' | 'authorizerIdentity'>): readonly string[] => {
  if (authorizer === 'none') return [];
  if (authorizer === 'iam') return SIGNATURE;
  return authorizerIdentity
    .filter((source) => source.startsWith(IN_QUERY))
    .map((source) => source.slice(IN_QUERY.length));
};

/**
 * A browser's preflight carries no credentials. Where the service answers browsers (its setting `cors`), OPTIONS has
 * routes of its own that nothing stands before; `{proxy+}` does not take the root.
 */
const openOptions = (functions: readonly DeployedFunction[]): Resources => {
  const routes = functions.flatMap(({ logicalId, routeKeys }) =>
    routeKeys.flatMap((key): [key: string, logicalId: string][] => {
      if (key === '$default') return ['OPTIONS /{proxy+}', 'OPTIONS /'].map((open) => [open, logicalId]);
      return key.startsWith('ANY ') ? [[key.replace('ANY', 'OPTIONS'), logicalId]] : [];
    }),
  );
  return Object.fromEntries(
    routes.map(([RouteKey, logicalId]) => [
      routeLogicalId(RouteKey),
      {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: { ...API, RouteKey, Target: join('integrations/', { Ref: `HttpApiIntegration${logicalId}` }) },
      },
    ]),
  );
};

/**
 * Where everybody may read the query interface, its short path is open to requests without credentials, which an
 * authorizer refuses. The long path stays guarded: there callers get to see what is theirs.
 */
const DISCOVERY: readonly string[] = ['GET /-', 'HEAD /-', 'GET /-/{proxy+}', 'HEAD /-/{proxy+}'];

const isGuarded = (key: string, { cors, discovery }: WrittenSettings): boolean =>
  !HEALTH.includes(key) &&
  !(cors !== undefined && key.startsWith('OPTIONS ')) &&
  !(discovery === 'everybody' && DISCOVERY.includes(key));

/**
 * Throws when the service waits for what no authorizer will tell it, or does not look at what one tells it: either
 * would refuse everybody, since a header that an authorizer reads has no room for what another scheme wants.
 */
const checkAgreed = (authorizer: AuthorizerName, auth: WrittenSettings['auth'] = []): void => {
  const awaited = auth.flatMap((scheme) => (typeof scheme === 'string' ? [] : (scheme.gateway?.from ?? [])));
  if (authorizer === 'none' ? awaited.length === 0 : awaited.includes(authorizer)) return;
  const has = awaited.length === 0 ? 'no gateway' : `gateway from ${awaited.join(', ')}`;
  throw new Error(`authorizer: ${authorizer}: auth of the service's settings has ${has}; the two must agree`);
};

/**
 * @throws {Error} when the settings of the service expect another authorizer
 */
export const authorization = ({ parameters, settings, functions, prefix }: Stack): Part => {
  checkAgreed(parameters.authorizer, settings.auth);
  const made: Guard | undefined = KINDS[parameters.authorizer](parameters, prefix);
  if (!made) return { resources: {} };
  const cors = settings.cors !== undefined;
  const guarded = functions.flatMap(({ routeKeys }) => routeKeys).filter((key) => isGuarded(key, settings));
  return {
    resources: { ...made.resources, ...(cors && openOptions(functions)) },
    ...(made.conditions && { conditions: made.conditions }),
    extensions: Object.fromEntries(guarded.map((key) => [routeLogicalId(key), { Properties: made.route }])),
  };
};
