/** Beyond what serverless.yml says of the log groups: their key, their tags, where else their lines go, and what outlives the stack. */
import type { Parameters } from '../parameters/parameters.ts';
import { REGION, sub, tagList } from '../stack/names.ts';
import type { Part, Resource, Resources, Stack } from '../stack/stack.ts';

/** What may be written to, by the service in its ARN: whether CloudWatch Logs needs a role for it, and what that may do. */
const DESTINATIONS: Readonly<Record<string, readonly string[]>> = {
  kinesis: ['kinesis:PutRecord'],
  firehose: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
};

/** CloudWatch Logs itself writes, with a role that it takes for log groups of this account only. */
const forwardingRole = (
  { logDestination, permissionsBoundary, rolePath, tags }: Parameters,
  actions: readonly string[],
): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    Path: rolePath,
    ...(permissionsBoundary && { PermissionsBoundary: permissionsBoundary }),
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: sub(`logs.${REGION}.amazonaws.com`) },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    },
    Policies: [
      {
        PolicyName: 'forward-logs',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: actions, Resource: logDestination }],
        },
      },
    ],
    ...tagList(tags),
  },
});

/** A function that takes the lines must let CloudWatch Logs call it. */
const forwardingPermission = ({ logDestination }: Parameters): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: logDestination,
    Action: 'lambda:InvokeFunction',
    Principal: 'logs.amazonaws.com',
    SourceAccount: { Ref: 'AWS::AccountId' },
  },
});

const forwarding = (parameters: Parameters, groups: readonly string[]): Resources => {
  const { logDestination } = parameters;
  if (logDestination === undefined) return {};
  const service = logDestination.split(':')[2]!;
  const actions = DESTINATIONS[service];
  const needs: Resources = {
    ...(actions && { LogForwardingRole: forwardingRole(parameters, actions) }),
    ...(service === 'lambda' && { LogForwardingPermission: forwardingPermission(parameters) }),
  };
  const filters = groups.map((group): [string, Resource] => [
    `${group}Forwarding`,
    {
      Type: 'AWS::Logs::SubscriptionFilter',
      ...(Object.keys(needs).length > 0 && { DependsOn: Object.keys(needs) }),
      Properties: {
        LogGroupName: { Ref: group },
        FilterPattern: '',
        DestinationArn: logDestination,
        ...(actions && { RoleArn: { 'Fn::GetAtt': ['LogForwardingRole', 'Arn'] } }),
      },
    },
  ]);
  return { ...needs, ...Object.fromEntries(filters) };
};

const RETAINED = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' } as const;

export const logs = ({ parameters, functions }: Stack): Part => {
  const { kmsKey, tags } = parameters;
  const ofFunctions = functions.map(({ logicalId }) => `${logicalId}LogGroup`);
  const groups = [...ofFunctions, 'HttpApiLogGroup'];
  const Properties = { ...(kmsKey && { KmsKeyId: kmsKey }), ...tagList(tags) };
  return {
    resources: forwarding(parameters, groups),
    extensions: {
      HttpApiLogGroup: { Properties },
      // The lines of functions are the audit: who deletes the stack does not delete them.
      ...Object.fromEntries(ofFunctions.map((group) => [group, { Properties, ...RETAINED }])),
    },
  };
};
