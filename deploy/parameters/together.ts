/** What parameters say together: each may be right by itself, and the stack would fail or do nothing. */

/** Parameters that say nothing without another. */
const NEEDS = [
  ['vpcSubnets', 'vpcSecurityGroups'],
  ['vpcSecurityGroups', 'vpcSubnets'],
  ['domain', 'certificate'],
  ['certificate', 'domain'],
];
const AUTHORIZER_NEEDS = { jwt: ['jwtIssuer', 'jwtAudience'], lambda: ['authorizerFunction'] };

const missing = (values) =>
  [...NEEDS, ...(AUTHORIZER_NEEDS[values.authorizer] ?? []).map((name) => ['authorizer', name])]
    .filter(([name, other]) => values[name] !== undefined && values[other] === undefined)
    .map(([name, other]) => [name, `needs the parameter ${other} too`]);

/** What the stack uses in its own region; a table also by its name, which has no region. */
const OF_THE_REGION = ['kmsKey', 'certificate', 'table', 'alarmTopic', 'logDestination'];

const elsewhere = (values) =>
  OF_THE_REGION.filter((name) => values[name]?.startsWith('arn:') && values[name].split(':')[3] !== values.region).map(
    (name) => [name, `must be of the region that is deployed to, ${values.region}`],
  );

/** The gateway takes a token from one place. */
const unreadable = ({ authorizer, authorizerIdentity }) =>
  authorizer === 'jwt' &&
  (authorizerIdentity.length > 1 || !/^\$request\.(header|querystring)\./.test(authorizerIdentity[0]))
    ? [
        [
          'authorizerIdentity',
          'with jwt must be one header or one parameter of the query: $request.header.Authorization',
        ],
      ]
    : [];

/**
 * @param {Record<string, any>} values each of them right by itself
 * @returns {readonly (readonly [name: string, says: string])[]}
 */
export const disagreements = (values) => [...missing(values), ...elsewhere(values), ...unreadable(values)];
