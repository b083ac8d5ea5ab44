/** A role for each function, with the rights of its routes and no others. */
import { tagList } from './names.mjs';
import { statementsFor } from './permissions.mjs';

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/**
 * Roles have no names of their own, so that a change that replaces one finds no other in its way; the name that CloudFormation
 * gives begins with that of the stack.
 * @param {import('./template.mjs').Stack} stack
 */
export const roles = (stack) => {
  const { permissionsBoundary, rolePath, tags } = stack.parameters;
  return {
    resources: Object.fromEntries(
      stack.functions.map((one) => [
        `${one.logicalId}Role`,
        {
          Type: 'AWS::IAM::Role',
          Properties: {
            Path: rolePath,
            ...(permissionsBoundary && { PermissionsBoundary: permissionsBoundary }),
            AssumeRolePolicyDocument: TRUST,
            Policies: [
              {
                PolicyName: one.name,
                PolicyDocument: { Version: '2012-10-17', Statement: statementsFor(one, stack) },
              },
            ],
            ...tagList(tags),
          },
        },
      ]),
    ),
  };
};
