/** A domain of one's own: the name and its mapping are made here, its DNS record is its owner's. */

/** @param {import('../stack/template.mjs').Stack} stack */
export const domain = ({ parameters: { domain: name, certificate, tags } }) => {
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
    // One way in: whatever stands before the domain cannot be gone around.
    extensions: { HttpApi: { Properties: { DisableExecuteApiEndpoint: true } } },
  };
};
