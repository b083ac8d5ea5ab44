/** Every resource that a role leaves open, with the reason why it cannot be narrower. */
interface Wildcard {
  readonly action: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
}

/** ARNs of EC2, whatever CloudFormation fills in. */
const FILLED_IN = '\\$\\{AWS::\\w+\\}';
const EC2 = `arn:${FILLED_IN}:ec2:(${FILLED_IN}|[a-z0-9-]+):(${FILLED_IN})?`;

export const WILDCARDS: readonly Wildcard[] = [
  {
    action: /^logs:(CreateLogStream|PutLogEvents)$/,
    resource: /:log-group:\/aws\/lambda\/[a-z-]+:\*$/,
    reason: 'Lambda names the streams of a log group, one for each container.',
  },
  {
    action: /^ec2:Describe\w+$/,
    resource: /^\*$/,
    reason:
      'Describe calls of EC2 take neither resources nor tags; the condition names the region, and the adapter filters.',
  },
  {
    action: /^xray:Put(TraceSegments|TelemetryRecords)$/,
    resource: /^\*$/,
    reason: 'X-Ray has no resources for what is sent to it.',
  },
  {
    action: /^ec2:DeleteNetworkInterface$/,
    resource: new RegExp(`^${EC2}:\\*/\\*$`),
    reason:
      'Lambda asks for it on more than the interface when a function leaves a VPC; the code of the function is denied it.',
  },
  {
    action: /^ec2:(?!Describe)\w+$/,
    resource: new RegExp(`^${EC2}:(instance|volume|network-interface|key-pair|snapshot|elastic-ip)/\\*$`),
    reason: 'Users make these, so that nobody knows their ids before; the condition asks for the tag of a tenant.',
  },
  {
    action: /^ec2:(RunInstances|CreateImage|CreateTags)$/,
    resource: new RegExp(`^${EC2}:image/\\*$`),
    reason: 'Images come and go; the condition asks for their owner, or for the tag of the tenant that saves one.',
  },
  {
    action: /^ec2:(RunInstances|CreateNetworkInterface|CreateSubnet|DeleteSubnet|CreateTags|DeleteTags)$/,
    resource: new RegExp(`^${EC2}:subnet/\\*$`),
    reason:
      'Users make subnets; and by default machines go to the default subnet of their zone, which the settings do not name.',
  },
  {
    action:
      /^ec2:(RunInstances|CreateNetworkInterface|ModifyNetworkInterfaceAttribute|\w+SecurityGroup\w*|CreateTags|DeleteTags)$/,
    resource: new RegExp(`^${EC2}:security-group/\\*$`),
    reason: 'Users make groups; and what names none gets the group that its VPC began with, which has no tag.',
  },
  {
    action: /^ec2:CreateSecurityGroup$/,
    resource: new RegExp(`^${EC2}:vpc/\\*$`),
    reason: 'Without a VPC in the settings groups are made in the default one, whose id is not known before.',
  },
];
