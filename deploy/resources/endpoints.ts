/** VPC endpoints: with them, functions in a VPC reach the services that they call without a NAT gateway. */
import { calledServices } from '../permissions/services.ts';
import { REGION, sub, tagList } from '../stack/names.ts';
import type { Part, Resource, Stack } from '../stack/stack.ts';

const serviceName = (service: string) => sub(`com.amazonaws.${REGION}.${service}`);

/** It costs nothing, and routes are all that it needs. */
const forTable = (VpcId: string, RouteTableIds: readonly string[]): Resource => ({
  Type: 'AWS::EC2::VPCEndpoint',
  Properties: { VpcEndpointType: 'Gateway', VpcId, ServiceName: serviceName('dynamodb'), RouteTableIds },
});

const forService = (service: string, VpcId: string, SubnetIds: readonly string[]): Resource => ({
  Type: 'AWS::EC2::VPCEndpoint',
  Properties: {
    VpcEndpointType: 'Interface',
    VpcId,
    ServiceName: serviceName(service),
    SubnetIds,
    SecurityGroupIds: [{ 'Fn::GetAtt': ['EndpointsSecurityGroup', 'GroupId'] }],
    // The SDK asks for the usual names of the services.
    PrivateDnsEnabled: true,
  },
});

/** Lets the functions in, and nobody else. */
const securityGroup = (VpcId: string, { prefix, parameters: { vpcSecurityGroups = [], tags } }: Stack): Resource => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: {
    GroupDescription: `Endpoints of ${prefix}: HTTPS from its functions`,
    VpcId,
    SecurityGroupIngress: vpcSecurityGroups.map((SourceSecurityGroupId) => ({
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      SourceSecurityGroupId,
    })),
    ...tagList(tags),
  },
});

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** @throws {Error} when there is no endpoint to make */
export const endpoints = (stack: Stack): Part => {
  const { vpcEndpoints: vpc, vpcSubnets = [], vpcRouteTables: tables } = stack.parameters;
  if (vpc === undefined) return {};
  const services = calledServices(stack);
  if (services.length === 0 && tables === undefined) {
    throw new Error(
      `vpcEndpoints: ${vpc}: of the services in this region the functions call DynamoDB only: set vpcRouteTables, or leave ` +
        'vpcEndpoints out where its endpoint exists',
    );
  }
  return {
    resources: {
      ...(tables && { DynamodbEndpoint: forTable(vpc, tables) }),
      ...(services.length > 0 && { EndpointsSecurityGroup: securityGroup(vpc, stack) }),
      ...Object.fromEntries(
        services.map((service) => [`${capital(service)}Endpoint`, forService(service, vpc, vpcSubnets)]),
      ),
    },
  };
};
