/** A custom domain: its name and mapping are part of the stack; its DNS record is up to the owner. */
import type { Part, Stack } from '../stack/stack.ts';

export const domain = ({ parameters: { domain: name, certificate, tags } }: Stack): Part => {
  if (name === undefined) return { resources: {} };
  return {
    resources: {
      Domain: {
        Type: 'AWS::ApiGatewayV2::DomainName',
        Properties: {
          DomainName: name,
          DomainNameConfigurations: [
            { CertificateArn: certificate, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
          ],
          ...(tags && { Tags: tags }),
        },
      },
      // Without a key: OCCI's locations are paths, and would be wrong below one.
      DomainMapping: {
        Type: 'AWS::ApiGatewayV2::ApiMapping',
        Properties: {
          ApiId: { Ref: 'HttpApi' },
          DomainName: { Ref: 'Domain' },
          Stage: { Ref: 'HttpApiStage' },
        },
      },
    },
    // Closed, so that nothing that stands in front of the domain can be bypassed.
    extensions: { HttpApi: { Properties: { DisableExecuteApiEndpoint: true } } },
  };
};
