/** Checks of several parameters together: each may be valid by itself, and the stack still fail or ignore it. */
import type { ParameterName, Parameters } from './parameters.ts';

/** A parameter, and what is wrong with it. */
type Disagreement = readonly [name: ParameterName, says: string];

/** Parameters that have no effect without another. */
const NEEDS: readonly (readonly [ParameterName, ParameterName])[] = [
  ['vpcSubnets', 'vpcSecurityGroups'],
  ['vpcSecurityGroups', 'vpcSubnets'],
  ['vpcEndpoints', 'vpcSubnets'],
  ['vpcRouteTables', 'vpcEndpoints'],
  ['domain', 'certificate'],
  ['certificate', 'domain'],
  ['truststore', 'domain'],
  ['truststoreVersion', 'truststore'],
];
const AUTHORIZER_NEEDS: Readonly<Partial<Record<Parameters['authorizer'], readonly ParameterName[]>>> = {
  jwt: ['jwtIssuer', 'jwtAudience'],
  lambda: ['authorizerFunction'],
};

const missing = (values: Parameters): readonly Disagreement[] =>
  [...NEEDS, ...(AUTHORIZER_NEEDS[values.authorizer] ?? []).map((name) => ['authorizer', name] as const)]
    .filter(([name, other]) => values[name] !== undefined && values[other] === undefined)
    .map(([name, other]): Disagreement => [name, `needs the parameter ${other} too`]);

/** Parameters that name something in the region of the stack; a table may be named without one. */
const OF_THE_REGION = ['kmsKey', 'certificate', 'table', 'alarmTopic', 'logDestination'] as const;

const elsewhere = (values: Parameters): readonly Disagreement[] =>
  OF_THE_REGION.filter((name) => values[name]?.startsWith('arn:') && values[name].split(':')[3] !== values.region).map(
    (name): Disagreement => [name, `must be of the region that is deployed to, ${values.region}`],
  );

/** The gateway reads a token from one place only. */
const unreadable = ({ authorizer, authorizerIdentity }: Parameters): readonly Disagreement[] =>
  authorizer === 'jwt' &&
  (authorizerIdentity.length > 1 || !/^\$request\.(header|querystring)\./.test(authorizerIdentity[0]!))
    ? [
        [
          'authorizerIdentity',
          'with jwt must be one header or one parameter of the query: $request.header.Authorization',
        ],
      ]
    : [];

/** What is wrong with parameters that are each valid by themselves. */
export const disagreements = (values: Parameters): readonly Disagreement[] => [
  ...missing(values),
  ...elsewhere(values),
  ...unreadable(values),
];
