/** Translates refusals of a launch: EC2 names its own parameters, the messages here name what the client sent. */
import { OcciError } from '../../../lib/errors.ts';
import { Refusal } from '../api/failures.ts';

interface Row {
  readonly codes: RegExp;
  /** Matched against EC2's message if the code is ambiguous. */
  readonly when?: RegExp;
  readonly failure: 'invalid' | 'conflict';
  readonly message: string;
}

const VALUES = /^(InvalidParameter(Value|Combination)?|InvalidRequest|InvalidInput|ValidationError)$/;

const ROWS: readonly Row[] = [
  {
    codes: /^UnsupportedHibernationConfiguration$/,
    failure: 'conflict',
    message:
      'This cloud launches computes that can be suspended, which this size (resource_tpl) or OS template (os_tpl) does not support.',
  },
  {
    codes: VALUES,
    when: /hibernat/i,
    failure: 'conflict',
    message:
      'This cloud launches computes that can be suspended, which this size (resource_tpl) or OS template (os_tpl) does not support.',
  },
  {
    codes: /^InvalidInstanceType/,
    failure: 'invalid',
    message: 'There is no such size (resource_tpl) here.',
  },
  {
    codes: VALUES,
    when: /architecture|boot mode|virtualization|\bENA\b/i,
    failure: 'invalid',
    message: 'The size (resource_tpl) does not fit the OS template (os_tpl), whose architecture is another.',
  },
  {
    codes: VALUES,
    when: /user ?data/i,
    failure: 'invalid',
    message: 'The user data (occi.compute.userdata) is not in a form that the cloud accepts.',
  },
  {
    codes: VALUES,
    when: /instance ?type/i,
    failure: 'invalid',
    message: 'There is no such size (resource_tpl) here.',
  },
  {
    codes: VALUES,
    when: /security ?group.*(different networks|VPC)|(different networks|VPC).*security ?group/i,
    failure: 'conflict',
    message: 'The securitygroup belongs to other networks (another VPC) than the compute.',
  },
  {
    codes: VALUES,
    when: /availability ?zone|subnet/i,
    failure: 'conflict',
    message: 'The compute cannot be in the availability zone that was asked for, or that its storage is in.',
  },
  {
    codes: VALUES,
    when: /\b(image|AMI)\b|ami-/i,
    failure: 'invalid',
    message: 'There is no such OS template (os_tpl) any more, or it cannot be used.',
  },
  {
    codes: VALUES,
    when: /address/i,
    failure: 'invalid',
    message: 'occi.networkinterface.address is not an address that the network can give.',
  },
];

/** Translates a refusal of RunInstances for the client; returns any other error unchanged. */
export function translateLaunchRefusal(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const row = ROWS.find(({ codes, when }) => codes.test(error.code) && (!when || when.test(error.sentence)));
  return row ? new OcciError(row.failure, row.message, { cause: error }) : error;
}
