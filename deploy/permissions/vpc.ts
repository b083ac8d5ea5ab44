/**
 * Lambda itself makes the interfaces that lead into a VPC, with the role of the function; the function's own code is
 * kept from doing so (AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC").
 * Where the code has rights in EC2 by itself, it keeps those.
 */

import type { Parameters } from '../parameters/parameters.ts';
import { arn } from '../stack/names.ts';
import type { DeployedFunction, Properties, Stack, Statement } from '../stack/stack.ts';
import { ec2SettingsOf, notOwn } from './ec2.ts';

const INTERFACES = arn('ec2', 'network-interface/*');

/** What the guide's policy lists. */
const CALLS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

const allow = (Action: readonly string[], Resource: Statement['Resource']): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});

/** What Lambda needs. */
const forLambda = ({ vpcSubnets = [], vpcSecurityGroups = [] }: Parameters): readonly Statement[] => [
  allow(
    ['ec2:CreateNetworkInterface'],
    [
      INTERFACES,
      ...vpcSubnets.map((id) => arn('ec2', `subnet/${id}`)),
      ...vpcSecurityGroups.map((id) => arn('ec2', `security-group/${id}`)),
    ],
  ),
  // Lambda asks for the right on more than the interface (the same guide): a narrower ARN leaves the function outside.
  allow(['ec2:DeleteNetworkInterface'], [arn('ec2', '*/*')]),
  allow(['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'], [INTERFACES]),
  allow(['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], '*'),
];

/**
 * What is taken from the code: all of that, but for the calls that `granted` has. Of these, an interface is only made
 * with the tag of a tenant, and only deleted where it may be changed.
 */
const fromCode = (
  { functionName }: Pick<DeployedFunction, 'functionName'>,
  settings: ReturnType<typeof ec2SettingsOf>,
  granted: ReadonlySet<string>,
): readonly Statement[] => {
  const caller = { ArnEquals: { 'lambda:SourceFunctionArn': arn('lambda', `function:${functionName}`) } };
  const deny = (Action: readonly string[], Resource: Statement['Resource'], Condition: Properties): Statement => ({
    Effect: 'Deny',
    Action,
    Resource,
    Condition: { ...caller, ...Condition },
  });
  const fenced = {
    'ec2:CreateNetworkInterface': { Null: { 'aws:RequestTag/occi:tenant': 'true' } },
    'ec2:DeleteNetworkInterface': notOwn(settings),
  };
  const denied = CALLS.filter((call) => !granted.has(call));
  return [
    ...(denied.length > 0 ? [deny(denied, '*', {})] : []),
    ...Object.entries(fenced)
      .filter(([call]) => granted.has(call))
      .map(([call, condition]) => deny([call], [INTERFACES], condition)),
  ];
};

/** @param own statements that the function's code has in EC2 by itself */
export const vpcStatements = (
  one: Pick<DeployedFunction, 'functionName'>,
  { parameters, settings }: Pick<Stack, 'parameters' | 'settings'>,
  own: readonly Statement[],
): readonly Statement[] => {
  if (!parameters.vpcSubnets) return [];
  const granted = new Set(own.flatMap(({ Action }) => Action));
  return [...forLambda(parameters), ...fromCode(one, ec2SettingsOf(settings), granted)];
};
