/** The services of AWS in the region of the stack that the code of the functions calls, beside DynamoDB. */
import type { Stack } from '../stack/stack.ts';
import { ec2SettingsOf } from './ec2.ts';

/** Names of services, as in `com.amazonaws.<region>.<service>`. */
export type CalledService = 'ec2' | 'sts' | 'ssm' | 'secretsmanager';

/**
 * Logs, metrics and traces are not among them: Lambda itself sends these, from outside the VPC. A key of AWS KMS is used by
 * the service that the key is for.
 */
export function calledServices({
  settings,
  secrets: { parameters, secrets },
  roles,
  parameters: { region },
}: Pick<Stack, 'settings' | 'secrets' | 'roles'> & {
  readonly parameters: Pick<Stack['parameters'], 'region'>;
}): readonly CalledService[] {
  const ec2 = settings.adapter.name === 'ec2' ? ec2SettingsOf(settings) : undefined;
  const isHere = ec2?.region === region;
  const isCalled: Readonly<Record<CalledService, boolean>> = {
    // An endpoint in the settings leads to one that is there already.
    ec2: isHere && ec2?.endpoint === undefined,
    sts: isHere && ec2?.stsEndpoint === undefined && roles.length > 0,
    ssm: parameters.length > 0,
    secretsmanager: secrets.some((secret) => secret.split(':')[3] === region),
  };
  return (Object.keys(isCalled) as CalledService[]).filter((service) => isCalled[service]);
}
