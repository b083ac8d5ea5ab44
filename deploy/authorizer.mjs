/**
 * An authorizer of the gateway before every route but the health route: a request that it refuses reaches no function. Without
 * one the service's own schemes decide, as `auth` of its settings says.
 */
import { HEALTH, routeLogicalId } from './functions.mjs';
import { arn, join } from './names.mjs';

const API = { ApiId: { Ref: 'HttpApi' } };

/** By the value of the parameter `authorizer`: what stands before a route, and the resources that it needs. */
const KINDS = {
  none: () => undefined,
  iam: () => ({ route: { AuthorizationType: 'AWS_IAM' }, resources: {} }),
  jwt: ({ jwtIssuer, jwtAudience, authorizerIdentity }, prefix) => ({
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
  lambda: ({ authorizerFunction, authorizerIdentity, authorizerTtl }, prefix) => ({
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
        Properties: {
          FunctionName: authorizerFunction,
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
          SourceArn: join(arn('execute-api', ''), { Ref: 'HttpApi' }, '/authorizers/', { Ref: 'Authorizer' }),
        },
      },
    },
  }),
};

export const AUTHORIZERS = Object.keys(KINDS);

/**
 * A browser's preflight carries no credentials. Where the service answers browsers (its setting `cors`), OPTIONS has routes of its
 * own that nothing stands before.
 */
const openOptions = (functions) => {
  const routes = functions.flatMap(({ logicalId, routeKeys }) =>
    routeKeys.flatMap((key) => {
      if (key === '$default') return [['OPTIONS /{proxy+}', logicalId]];
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

const isGuarded = (key, cors) => !HEALTH.includes(key) && !(cors && key.startsWith('OPTIONS '));

/** Throws when the service waits for what no authorizer will tell it: it would refuse everybody. */
const checkAgreed = (authorizer, auth = []) => {
  const awaited = auth.flatMap((scheme) => scheme?.gateway?.from ?? []);
  if (awaited.length === 0 || awaited.includes(authorizer)) return;
  throw new Error(
    `authorizer: ${authorizer}: auth of the service's settings has gateway from ${awaited.join(', ')}; the two must agree`,
  );
};

/**
 * @param {import('./template.mjs').Stack} stack
 * @throws {Error} when the settings of the service expect another authorizer
 */
export const authorization = ({ parameters, settings, functions, prefix }) => {
  checkAgreed(parameters.authorizer, settings.auth);
  const made = KINDS[parameters.authorizer](parameters, prefix);
  if (!made) return { resources: {} };
  const cors = settings.cors !== undefined;
  const guarded = functions.flatMap(({ routeKeys }) => routeKeys).filter((key) => isGuarded(key, cors));
  return {
    resources: { ...made.resources, ...(cors && openOptions(functions)) },
    extensions: Object.fromEntries(guarded.map((key) => [routeLogicalId(key), { Properties: made.route }])),
  };
};
