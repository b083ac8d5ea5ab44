/** What other stacks may import: the names of the exports begin with name and stage, so that endpoints do not clash. */

import { arnOf } from './names.ts';
import type { Properties, Stack } from './stack.ts';

export const outputs = ({ parameters: { domain }, functions, prefix, table }: Stack): Properties => {
  const url = domain === undefined ? { 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] } : `https://${domain}`;
  const all: Readonly<Record<string, Properties>> = {
    EndpointUrl: { Description: 'Where the endpoint is', Value: url },
    TableName: { Description: 'The table of the mappings', Value: table.name },
    ...Object.fromEntries(
      functions.map(({ name, logicalId }) => [
        `${logicalId}FunctionArn`,
        { Description: `The function ${name}`, Value: arnOf(`${logicalId}LambdaFunction`) },
      ]),
    ),
    ...Object.fromEntries(
      functions.map(({ name, logicalId }) => [
        `${logicalId}RoleArn`,
        {
          Description: `The role of the function ${name}, for other accounts to trust`,
          Value: arnOf(`${logicalId}Role`),
        },
      ]),
    ),
    ...(domain !== undefined && {
      DomainTarget: {
        Description: 'What the DNS record of the domain has to lead to',
        Value: { 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] },
      },
      DomainHostedZone: {
        Description: 'Hosted zone of that, for a record of type alias',
        Value: { 'Fn::GetAtt': ['Domain', 'RegionalHostedZoneId'] },
      },
    }),
    // Made by the packager, which would leave out our name.
    HttpApiId: {},
    // The gateway's own address is closed where there is a domain.
    HttpApiUrl: domain === undefined ? {} : { Value: url },
    ServerlessDeploymentBucketName: {},
  };
  return Object.fromEntries(
    Object.entries(all).map(([id, output]) => [id, { ...output, Export: { Name: `${prefix}-${id}` } }]),
  );
};
