/** A role for each function, with the rights of its routes and no others. */
import { tagList } from '../stack/names.ts';
import type { DeployedFunction, Resource, Resources, Stack } from '../stack/stack.ts';
import { policiesOf } from './policies.ts';
import { statementsFor } from './statements.ts';

const VERSION = '2012-10-17';

const TRUST = {
  Version: VERSION,
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/**
 * Roles and policies have no names of their own, so that a change that replaces one finds no other in its way; the name
 * that CloudFormation gives begins with that of the stack.
 */
const roleOf = (one: DeployedFunction, stack: Stack): Resources => {
  const { permissionsBoundary, rolePath, tags } = stack.parameters;
  const { inline, managed } = policiesOf(statementsFor(one, stack), stack);
  const policies = managed.map((Statement, index): [string, Resource] => [
    `${one.logicalId}Policy${index + 1}`,
    {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        Description: `What ${one.functionName} may use, beside the policy of its role`,
        Path: rolePath,
        PolicyDocument: { Version: VERSION, Statement },
      },
    },
  ]);
  const role: Resource = {
    Type: 'AWS::IAM::Role',
    Properties: {
      Path: rolePath,
      ...(permissionsBoundary && { PermissionsBoundary: permissionsBoundary }),
      AssumeRolePolicyDocument: TRUST,
      Policies: [{ PolicyName: one.name, PolicyDocument: { Version: VERSION, Statement: inline } }],
      ...(policies.length > 0 && { ManagedPolicyArns: policies.map(([id]) => ({ Ref: id })) }),
      ...tagList(tags),
    },
  };
  return { [`${one.logicalId}Role`]: role, ...Object.fromEntries(policies) };
};

/**
 * @throws {Error} naming the settings that make a role longer than IAM takes
 */
export const roles = (stack: Stack): { readonly resources: Resources } => ({
  resources: Object.assign({}, ...stack.functions.map((one) => roleOf(one, stack))),
});
